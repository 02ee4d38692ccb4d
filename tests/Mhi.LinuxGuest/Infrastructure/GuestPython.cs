using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Debian's Python for a guest: the program, and of its library what poll, epoll and asyncio need.</summary>
internal static class GuestPython
{
    /// <summary>The program, of any version.</summary>
    public const string Program = "/usr/bin/python3";

    // Without tests, tools and codecs of other languages; what is imported and not there ends a scenario at its first line.
    private static readonly string[] s_packages =
        [".", "asyncio", "collections", "concurrent", "concurrent/futures", "encodings", "importlib", "logging", "re"];

    private static readonly string[] s_extensions = ["_asyncio", "_contextvars", "_typing", "_queue", "array", "fcntl", "select"];

    /// <summary>The files of the library: their paths in the guest, the same as here, without a leading slash.</summary>
    /// <returns>The files; none when Python is not installed.</returns>
    public static IReadOnlyDictionary<string, string> FindLibrary()
    {
        // /usr/bin/python3 is a link to python3.11 or whichever it is, and the library has the same name.
        if (File.ResolveLinkTarget(Program, returnFinalTarget: true) is not { } program || !program.Exists)
        {
            return new Dictionary<string, string>();
        }

        string library = Path.Combine("/usr/lib", program.Name);
        string extensions = Path.Combine(library, "lib-dynload");
        IEnumerable<string> sources = s_packages
            .Select(package => Path.GetFullPath(Path.Combine(library, package)))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.py"));
        IEnumerable<string> binaries = Directory.EnumerateFiles(extensions, "*.so")
            .Where(file => s_extensions.Contains(Path.GetFileName(file).Split('.')[0], StringComparer.Ordinal));
        return sources.Concat(binaries).ToDictionary(file => file[1..]);
    }
}
