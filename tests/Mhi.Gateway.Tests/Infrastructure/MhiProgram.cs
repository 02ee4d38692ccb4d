using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>
/// The program under test: the native binary that the environment variable MHI_BINARY names, otherwise the one that was
/// built beside these tests. Started by a shell, so that a test can redirect as a user would.
/// </summary>
public static class MhiProgram
{
    /// <summary>Why a test of the native binary is skipped.</summary>
    internal const string NoNativeBinary = "MHI_BINARY names no native binary.";

    /// <summary>Longest time a run may take; a test that hangs fails instead.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <summary>The native binary, or null.</summary>
    public static string? NativeBinary { get; } =
        Environment.GetEnvironmentVariable("MHI_BINARY") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Runs the program with arguments.</summary>
    /// <param name="arguments">What follows the program's name in the shell.</param>
    /// <param name="input">Standard input.</param>
    /// <returns>How it ended.</returns>
    public static MhiRun Run(string arguments, byte[]? input = null) => Shell($"\"$@\" {arguments}", input);

    /// <summary>Runs a shell command in which <c>"$@"</c> is the program.</summary>
    /// <param name="command">The command.</param>
    /// <param name="input">Standard input.</param>
    /// <returns>How it ended.</returns>
    public static MhiRun Shell(string command, byte[]? input = null)
    {
        using Process process = Start(command);
        Task<byte[]> output = ReadAllAsync(process.StandardOutput.BaseStream);
        Task<byte[]> error = ReadAllAsync(process.StandardError.BaseStream);
        try
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended without reading all of it.
        }

        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"'{command}' did not end within {s_limit.TotalSeconds} s."));
        }

        return new MhiRun(process.ExitCode, output.Result, Encoding.UTF8.GetString(error.Result));
    }

    /// <summary>Starts a shell command in which <c>"$@"</c> is the program.</summary>
    /// <param name="command">The command.</param>
    /// <returns>The shell, which the command has replaced if it begins with <c>exec</c>.</returns>
    public static Process Start(string command)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.ArgumentList.Add("bash");
        if (NativeBinary is not null)
        {
            start.ArgumentList.Add(NativeBinary);
        }
        else
        {
            start.ArgumentList.Add("dotnet");
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "mhi.dll"));
        }

        return Process.Start(start) ?? throw new InvalidOperationException("bash could not be started.");
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
