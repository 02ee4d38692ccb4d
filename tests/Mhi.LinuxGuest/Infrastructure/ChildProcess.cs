using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A program whose two outputs go to one file; it never outlives its owner.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _copies;

    private ChildProcess(Process process, Task copies)
    {
        _process = process;
        _copies = copies;
    }

    /// <summary>Ends with the program.</summary>
    public Task Exited => _process.WaitForExitAsync();

    /// <summary>The program's exit code; only once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path, or a name in PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="log">The file for what it prints.</param>
    /// <param name="printed">Told each line of its standard output; null if nobody wants to know.</param>
    /// <returns>The running program.</returns>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string folder, string log, Action<string>? printed = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        return new ChildProcess(process, CopyAsync(process, log, printed));
    }

    /// <summary>Waits for the program's end.</summary>
    /// <param name="limit">How long at most.</param>
    /// <returns>Whether the program has ended.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timer.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asks the program to end, as a service manager does.</summary>
    /// <returns>Completes when it was asked.</returns>
    public async Task AskToEndAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends the program without giving it a chance to say anything.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends the program when it still runs.</summary>
    /// <returns>Completes when it is gone and its log is whole.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        using (var limit = new CancellationTokenSource(s_farewell))
        {
            await _process.WaitForExitAsync(limit.Token);
        }

        await _copies;
        _process.Dispose();
    }

    private static async Task CopyAsync(Process process, string log, Action<string>? printed)
    {
        using var writer = TextWriter.Synchronized(new StreamWriter(log) { AutoFlush = true });
        await Task.WhenAll(CopyAsync(process.StandardOutput, writer, printed), CopyAsync(process.StandardError, writer, null));
    }

    private static async Task CopyAsync(StreamReader from, TextWriter to, Action<string>? printed)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            await to.WriteLineAsync(line);
            printed?.Invoke(line);
        }
    }
}
