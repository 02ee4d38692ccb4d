using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>
/// The generated text, reviewed like source. After an intended change, run these tests with <c>MHI_GOLDEN_OUTPUT</c> naming
/// the project's <c>Golden</c> folder, and read the difference.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_OnAGoldenInput_MakesTheGoldenFiles(string name)
    {
        GoldenCase golden = new(name);
        if (GoldenCase.RewriteFolder is { } folder)
        {
            golden.Rewrite(folder);
            return;
        }

        GeneratorRunResult result = golden.Run();

        Assert.Empty(result.Diagnostics);
        IReadOnlyDictionary<string, string> expected = golden.Expected();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), result.HintNames());
        Assert.All(expected, file => Assert.Equal(file.Value, result.Source(file.Key)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_OfAGoldenOutput_HasNoWarning(string name)
    {
        string[] sources = [.. new GoldenCase(name).Run().GeneratedSources.Select(source => source.SourceText.ToString())];

        Assert.Empty(GeneratorHost.Compilation(sources).GetDiagnostics());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_OnAGoldenInput_EndsEveryLineWithALineFeed(string name)
    {
        Assert.All(new GoldenCase(name).Run().GeneratedSources, source =>
        {
            string text = source.SourceText.ToString();
            Assert.DoesNotContain('\r', text);
            Assert.EndsWith("}\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text.Split('\n'), line => line.EndsWith(' '));
        });
    }

    [Fact]
    public void Cases_Exist() => Assert.NotEmpty(GoldenCase.Names);
}
