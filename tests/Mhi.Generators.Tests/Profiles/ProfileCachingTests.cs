using System;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>Which stages of the profile generator run again after an edit.</summary>
public sealed class ProfileCachingTests
{
    private static readonly ChannelFile s_file = new(ProfileHost.Content, ProfileHost.Path);

    public static TheoryData<string> Stages =>
    [
        TrackingNames.RootNamespace,
        TrackingNames.ProfileFiles,
        TrackingNames.ProfileTexts,
        TrackingNames.ParsedProfiles,
        TrackingNames.ValidatedProfiles,
        TrackingNames.ResolvedProfiles,
        TrackingNames.ProfileTable,
    ];

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stage_AfterAnUnrelatedSourceEdit_DoesNotRun(string stage)
    {
        CSharpCompilation compilation = GeneratorHost.Compilation("class Program;");
        GeneratorRunResult result = ProfileHost.Driver(s_file).RunGenerators(compilation)
            .RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;", GeneratorHost.ParseOptions)))
            .GetRunResult().Results.Single();

        Assert.All(Reasons(result, stage), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void Table_AfterAWhiteSpaceEdit_IsNotMadeAgain()
    {
        GeneratorRunResult result = RunAgain("// moved down\n" + ProfileHost.Content.Replace("  ", "\t", StringComparison.Ordinal));

        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(result, TrackingNames.ParsedProfiles));
        Assert.Equal([IncrementalStepRunReason.Unchanged], Reasons(result, TrackingNames.ResolvedProfiles));
        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(result, TrackingNames.ProfileTable));
    }

    [Fact]
    public void Table_AfterAnEditOfAValue_IsMadeAgain()
    {
        GeneratorRunResult result = RunAgain(ProfileHost.Content.Replace("8000", "9000", StringComparison.Ordinal));

        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.ProfileTable));
        Assert.Contains("9000", result.GeneratedSources.Single().SourceText.ToString(), StringComparison.Ordinal);
    }

    private static GeneratorRunResult RunAgain(string content)
    {
        CSharpCompilation compilation = GeneratorHost.Compilation("class Program;");
        return ProfileHost.Driver(s_file).RunGenerators(compilation)
            .ReplaceAdditionalText(s_file, new ChannelFile(content, ProfileHost.Path)).RunGenerators(compilation)
            .GetRunResult().Results.Single();
    }

    private static IncrementalStepRunReason[] Reasons(GeneratorRunResult result, string stage)
    {
        IncrementalStepRunReason[] reasons =
            [.. result.TrackedSteps[stage].SelectMany(step => step.Outputs).Select(output => output.Reason)];
        Assert.NotEmpty(reasons);
        return reasons;
    }
}
