using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Mhi.Gateway.Tests.Packaging;

/// <summary>A file of <c>packaging/</c>, and the tools of the system that check such files.</summary>
internal static class PackagedFile
{
    public const string Program = "/usr/bin/mhi";

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "packaging", name);

    /// <summary>The lines that are no comment.</summary>
    public static string[] LinesOf(string name) =>
        [.. File.ReadAllLines(PathOf(name)).Where(static line => line.Length != 0 && line[0] != '#')];

    /// <summary>The settings of a unit, in order.</summary>
    public static List<(string Section, string Key, string Value)> SettingsOf(string unit)
    {
        List<(string Section, string Key, string Value)> settings = [];
        string section = "";
        foreach (string line in LinesOf(unit))
        {
            if (line[0] == '[')
            {
                section = line.Trim('[', ']');
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            settings.Add((section, line[..equals], line[(equals + 1)..]));
        }

        return settings;
    }

    /// <summary>Whether a tool is installed.</summary>
    public static bool Has(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    /// <summary>Runs a tool.</summary>
    public static (int ExitCode, string Output) Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
