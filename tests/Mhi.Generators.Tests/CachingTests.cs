using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>Which stages run again after an edit, and which outputs are made again.</summary>
public sealed class CachingTests
{
    private const string Content =
        """
        {
          "channels": [
            { "name": "LOOPBACK", "mtu": "0x1000" },
            { "name": "DUN", "mtu": "0x20000" }
          ]
        }
        """;

    private static readonly ChannelFile s_file = new(Content);

    public static TheoryData<string> Stages =>
    [
        TrackingNames.ChannelFiles,
        TrackingNames.RootNamespace,
        TrackingNames.Text,
        TrackingNames.Parsed,
        TrackingNames.Validated,
        TrackingNames.Resolved,
        TrackingNames.Diagnostics,
        TrackingNames.Channels,
        TrackingNames.Tables,
    ];

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stage_AfterAnUnrelatedSourceEdit_DoesNotRun(string stage)
    {
        GeneratorRunResult result = RunAgain((driver, compilation) =>
            (driver, compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;", GeneratorHost.ParseOptions))));

        Assert.All(Reasons(result.TrackedSteps[stage]), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.All(OutputReasons(result), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Stage_AfterAnUnrelatedAdditionalFile_DoesNotChange(string stage)
    {
        GeneratorRunResult result = RunAgain((driver, compilation) =>
            (driver.AddAdditionalTexts([new ChannelFile("{}", "settings.json")]), compilation));

        Assert.All(Reasons(result.TrackedSteps[stage]), AssertNotChanged);
        Assert.All(OutputReasons(result), AssertNotChanged);
    }

    [Fact]
    public void Outputs_AfterAWhiteSpaceEdit_AreNotMadeAgain()
    {
        GeneratorRunResult result = RunAgain(Replace("// moved down\n" + Content.Replace("  ", "\t", StringComparison.Ordinal)));

        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(result.TrackedSteps[TrackingNames.Parsed]));
        Assert.All(Reasons(result.TrackedSteps[TrackingNames.Channels]), AssertNotChanged);
        Assert.All(Reasons(result.TrackedSteps[TrackingNames.Tables]), AssertNotChanged);

        // The warning of DUN moved, so its report is the one output that is made again.
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result.TrackedSteps[TrackingNames.Diagnostics]));
        Assert.Single(OutputReasons(result), reason => reason == IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void Outputs_AfterAnEditOfOneEntry_AreMadeForThatEntryAndTheTable()
    {
        GeneratorRunResult result = RunAgain(Replace(Content.Replace("0x1000", "0x2000", StringComparison.Ordinal)));

        Assert.Equal(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Unchanged],
            Reasons(result.TrackedSteps[TrackingNames.Channels]));
        Assert.Equal([IncrementalStepRunReason.Modified], Reasons(result.TrackedSteps[TrackingNames.Tables]));
        Assert.Contains("0x2000", result.Source("Demo.LoopbackChannel.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_AfterAChangeOfTheRootNamespace_FollowIt()
    {
        GeneratorRunResult result = RunAgain((driver, compilation) =>
            (driver.WithUpdatedAnalyzerConfigOptions(new ProjectOptions("Other")), compilation));

        Assert.Equal(
            ["Other.ChannelTable.g.cs", "Other.DunChannel.g.cs", "Other.LoopbackChannel.g.cs"],
            result.HintNames());
        Assert.All(Reasons(result.TrackedSteps[TrackingNames.Parsed]), AssertNotChanged);
    }

    [Fact]
    public void Run_Twice_GivesTheSameBytes() => Assert.Equal(
        GeneratorHost.Run(Content).GeneratedSources.Select(source => Convert.ToHexString(source.SourceText.GetChecksum().AsSpan())),
        GeneratorHost.Run(Content).GeneratedSources.Select(source => Convert.ToHexString(source.SourceText.GetChecksum().AsSpan())));

    private static GeneratorRunResult RunAgain(
        Func<GeneratorDriver, CSharpCompilation, (GeneratorDriver Driver, CSharpCompilation Compilation)> edit)
    {
        CSharpCompilation compilation = GeneratorHost.Compilation("class Program;");
        GeneratorDriver driver = GeneratorHost.Driver(s_file).RunGenerators(compilation);
        (driver, compilation) = edit(driver, compilation);
        return driver.RunGenerators(compilation).GetRunResult().Results.Single();
    }

    private static Func<GeneratorDriver, CSharpCompilation, (GeneratorDriver, CSharpCompilation)> Replace(string content) =>
        (driver, compilation) => (driver.ReplaceAdditionalText(s_file, new ChannelFile(content)), compilation);

    private static IncrementalStepRunReason[] Reasons(ImmutableArray<IncrementalGeneratorRunStep> steps)
    {
        Assert.NotEmpty(steps);
        return [.. steps.SelectMany(step => step.Outputs).Select(output => output.Reason)];
    }

    private static IEnumerable<IncrementalStepRunReason> OutputReasons(GeneratorRunResult result)
    {
        Assert.NotEmpty(result.TrackedOutputSteps);
        return result.TrackedOutputSteps.Values.SelectMany(steps => Reasons(steps));
    }

    private static void AssertNotChanged(IncrementalStepRunReason reason) =>
        Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"The step was {reason}.");
}
