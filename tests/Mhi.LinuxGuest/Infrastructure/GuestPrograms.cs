using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Programs of this machine that run in the guest: each needs its libraries there.</summary>
internal static partial class GuestPrograms
{
    /// <summary>
    /// Adds the libraries that the programs were linked with, and those they open by name while they run, under the paths at
    /// which they look for them.
    /// </summary>
    /// <param name="programs">Paths in the guest without a leading slash, and paths here.</param>
    /// <returns>The same for the programs and all their libraries.</returns>
    public static IReadOnlyDictionary<string, string> WithLibraries(IReadOnlyDictionary<string, string> programs)
    {
        var files = new Dictionary<string, string>(programs);
        if (programs.Count == 0)
        {
            return files;
        }

        ILookup<string, string> known = KnownLibrary().Matches(Print("ldconfig", "-p"))
            .ToLookup(library => library.Groups[1].Value, library => library.Groups[2].Value);
        foreach (string program in programs.Values)
        {
            AddLinked(files, program);
            foreach (string opened in NamesInside(program).SelectMany(name => known[name].Take(1)))
            {
                files[opened[1..]] = opened;
                AddLinked(files, opened);
            }
        }

        return files;
    }

    private static void AddLinked(Dictionary<string, string> files, string program)
    {
        string text = Print("ldd", program);
        if (text.Contains("not found", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"ldd does not find all libraries of {program}: {text}");
        }

        foreach (Match library in LibraryPath().Matches(text))
        {
            files[library.Groups[1].Value[1..]] = library.Groups[1].Value;
        }
    }

    private static IEnumerable<string> NamesInside(string program) =>
        LibraryName().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(program))).Select(name => name.Value).Distinct();

    private static string Print(string program, string argument)
    {
        var start = new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidDataException($"'{program} {argument}' failed: {text}");
    }

    // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x...)", and "/lib64/ld-linux-x86-64.so.2 (0x...)".
    [GeneratedRegex(@"(/\S+) \(0x", RegexOptions.CultureInvariant)]
    private static partial Regex LibraryPath();

    // "	libssl.so.3 (libc6,x86-64) => /lib/x86_64-linux-gnu/libssl.so.3"
    [GeneratedRegex(@"^\s(\S+) \(libc6,x86-64[^)]*\) => (\S+)$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex KnownLibrary();

    // As the program hands it to dlopen: with a version, since what has none is for compilers.
    [GeneratedRegex(@"(?<![\w.+-])lib[\w+-]+\.so(?:\.\d+)+(?=\0)", RegexOptions.CultureInvariant)]
    private static partial Regex LibraryName();
}
