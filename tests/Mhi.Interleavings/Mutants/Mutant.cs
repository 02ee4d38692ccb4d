using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Mutants;

/// <summary>
/// This whole assembly once more, product sources, scheduler and scenarios, with faults in the product's sources. The
/// sources themselves know nothing of it.
/// </summary>
internal sealed class Mutant : IDisposable
{
    private static readonly Lazy<CSharpCompilation> s_original = new(Parse);

    private readonly AssemblyLoadContext _context = new("mutant", isCollectible: true);
    private readonly Assembly _assembly;

    internal Mutant(params Fault[] faults)
    {
        CSharpCompilation compilation = s_original.Value;
        foreach (Fault fault in faults)
        {
            SyntaxTree tree = compilation.SyntaxTrees.Single(tree => Path.GetFileName(tree.FilePath) == fault.File);
            SourceText text = SourceText.From(fault.PutInto(tree.GetText().ToString()));
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options, tree.FilePath));
        }

        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException($"The mutant does not compile: {string.Join('\n', result.Diagnostics.Where(static each => each.Severity == DiagnosticSeverity.Error))}");
        }

        image.Position = 0;
        _assembly = _context.LoadFromStream(image);
    }

    /// <summary>Runs a test of this assembly on the mutant.</summary>
    internal void Run(Type tests, string name, ITestOutputHelper output, params object[] arguments)
    {
        Type type = _assembly.GetType(tests.FullName!, throwOnError: true)!;
        object instance = Activator.CreateInstance(type, output)!;
        _ = type.GetMethod(name)!.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
    }

    public void Dispose() => _context.Unload();

    // The build leaves a list: the constants, and then every file that was compiled, generated ones included.
    private static CSharpCompilation Parse()
    {
        string[] list = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "sources.txt"));
        CSharpParseOptions options = new CSharpParseOptions(LanguageVersion.CSharp13).WithPreprocessorSymbols(list[0].Split(';'));
        IEnumerable<SyntaxTree> trees = list.Skip(1).Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) != "Mhi.Interleavings.dll")
            .Select(static path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Mhi.Interleavings.Mutant",
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
    }
}
