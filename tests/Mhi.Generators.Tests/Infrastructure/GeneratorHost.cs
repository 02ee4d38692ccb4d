using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>Runs the generator the way a compiler host does, on files in memory.</summary>
internal static class GeneratorHost
{
    public const string RootNamespace = "Demo";

    public static readonly CSharpParseOptions ParseOptions =
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp13).WithDocumentationMode(DocumentationMode.Diagnose);

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Mhi.Runtime.dll" or "netstandard.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static GeneratorDriver Driver(params ChannelFile[] files) => Driver(RootNamespace, files);

    public static GeneratorDriver Driver(string? rootNamespace, params ChannelFile[] files) => CSharpGeneratorDriver.Create(
        [new ChannelGenerator().AsSourceGenerator()],
        files,
        ParseOptions,
        new ProjectOptions(rootNamespace),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static CSharpCompilation Compilation(params string[] sources) => CSharpCompilation.Create(
        "Consumer",
        sources.Select(source => CSharpSyntaxTree.ParseText(source, ParseOptions)),
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
            .WithWarningLevel(9999));

    public static GeneratorRunResult Run(params ChannelFile[] files) => Run(RootNamespace, files);

    public static GeneratorRunResult Run(string? rootNamespace, params ChannelFile[] files) =>
        Driver(rootNamespace, files).RunGenerators(Compilation()).GetRunResult().Results.Single();

    public static GeneratorRunResult Run(string content) => Run(new ChannelFile(content));
}
