using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Programs of this machine that run in the guest: each needs the libraries it was linked with.</summary>
internal static partial class GuestPrograms
{
    /// <summary>Adds the libraries, under the paths at which the programs look for them.</summary>
    /// <param name="programs">Paths in the guest without a leading slash, and paths here.</param>
    /// <returns>The same for the programs and all their libraries.</returns>
    public static IReadOnlyDictionary<string, string> WithLibraries(IReadOnlyDictionary<string, string> programs)
    {
        var files = new Dictionary<string, string>(programs);
        foreach (string program in programs.Values)
        {
            foreach (Match library in LibraryPath().Matches(ListLibraries(program)))
            {
                files[library.Groups[1].Value[1..]] = library.Groups[1].Value;
            }
        }

        return files;
    }

    private static string ListLibraries(string program)
    {
        var start = new ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true };
        using Process ldd = Process.Start(start) ?? throw new InvalidOperationException("ldd did not start.");
        string text = ldd.StandardOutput.ReadToEnd();
        ldd.WaitForExit();
        return ldd.ExitCode == 0 && !text.Contains("not found", StringComparison.Ordinal)
            ? text
            : throw new InvalidDataException($"ldd does not find all libraries of {program}: {text}");
    }

    // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x...)", and "/lib64/ld-linux-x86-64.so.2 (0x...)".
    [GeneratedRegex(@"(/\S+) \(0x", RegexOptions.CultureInvariant)]
    private static partial Regex LibraryPath();
}
