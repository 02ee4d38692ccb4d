using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A file of the Scenarios folder.</summary>
internal static class ScenarioFile
{
    private const string ProvokesMark = "# provokes: ";

    /// <summary>The folder with the scenarios and what they share.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>Reads which kernel lines a scenario provokes on purpose.</summary>
    /// <param name="scenario">The scenario's name.</param>
    /// <returns>A pattern for each line that its file declares with <c># provokes:</c>.</returns>
    public static IReadOnlyList<Regex> ReadProvokedLines(string scenario) =>
        [.. File.ReadLines(Path.Combine(Folder, scenario + ".sh"))
            .Where(line => line.StartsWith(ProvokesMark, StringComparison.Ordinal))
            .Select(line => new Regex(line[ProvokesMark.Length..]))];
}
