using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>A folder of <c>Golden</c>: a channel file and every file the generator must make of it.</summary>
internal sealed class GoldenCase(string name)
{
    /// <summary>Names a folder into which golden files are written instead of being compared.</summary>
    private const string RewriteVariable = "MHI_GOLDEN_OUTPUT";

    private static readonly string s_root = Path.Combine(AppContext.BaseDirectory, "Golden");

    private readonly string _folder = Path.Combine(s_root, name);

    public static IEnumerable<string> Names =>
        Directory.EnumerateDirectories(s_root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    public static string? RewriteFolder => Environment.GetEnvironmentVariable(RewriteVariable);

    public GeneratorRunResult Run() => GeneratorHost.Run(new ChannelFile(File.ReadAllText(Path.Combine(_folder, "channels.json"))));

    public IReadOnlyDictionary<string, string> Expected() => Directory
        .EnumerateFiles(_folder, "*.g.cs")
        .ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    public void Rewrite(string root)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        foreach (string stale in Directory.EnumerateFiles(folder, "*.g.cs"))
        {
            File.Delete(stale);
        }

        foreach (GeneratedSourceResult source in Run().GeneratedSources)
        {
            File.WriteAllText(Path.Combine(folder, source.HintName), source.SourceText.ToString());
        }
    }
}
