using System;
using System.IO;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Native programs of this repository.</summary>
internal static class BuiltProgram
{
    private const string Solution = "Mhi.Aot.sln";

    /// <summary>The program <c>mhi</c>.</summary>
    public static string Mhi => Find("MHI_BINARY", "out/mhi", "./run.sh endpoint --help");

    /// <summary>The tests as native code.</summary>
    public static string Tests =>
        Find("MHI_NATIVE_TESTS", "artifacts/native-tests/Mhi.Aot.Tests", "dotnet publish tests/Mhi.Aot.Tests -c Release -o artifacts/native-tests");

    private static string Find(string variable, string place, string command)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        string program = Path.Combine(folder?.FullName ?? ".", place);
        return File.Exists(program)
            ? program
            : throw new FileNotFoundException($"{program} is not there: '{command}' builds it, or name another in {variable}.");
    }
}
