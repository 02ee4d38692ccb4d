using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;
using Xunit;

namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>A channel file's classes compiled and loaded, together with the source of a test that uses them.</summary>
internal sealed class GeneratedAssembly
{
    private readonly Assembly _assembly;

    private GeneratedAssembly(Assembly assembly) => _assembly = assembly;

    public static GeneratedAssembly Load(GeneratorRunResult generated, string user)
    {
        string[] sources = [.. generated.GeneratedSources.Select(source => source.SourceText.ToString())];
        using MemoryStream image = new();
        EmitResult result = GeneratorHost.Compilation([.. sources, user]).Emit(image);
        Assert.Empty(result.Diagnostics);
        image.Position = 0;
        return new GeneratedAssembly(new AssemblyLoadContext(null).LoadFromStream(image));
    }

    public Type Type(string name) => _assembly.GetType(name, throwOnError: true)!;

    /// <summary>Calls the static method <c>User.&lt;method&gt;</c>, which takes a channel name.</summary>
    public string Call(string method, string argument) =>
        Type("User").GetMethod(method)!.CreateDelegate<Func<string, string>>()(argument);
}
