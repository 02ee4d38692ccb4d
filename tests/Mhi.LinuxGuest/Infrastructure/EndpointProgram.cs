using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>The program under test: <c>mhi endpoint</c>, waiting at a socket for QEMU.</summary>
internal static class EndpointProgram
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    /// <summary>The name of the socket in the folder of a run.</summary>
    public const string SocketName = "mhi.sock";

    /// <summary>The name of the endpoint's protocol log in the folder of a run.</summary>
    public const string LogName = "endpoint.jsonl";

    /// <summary>Starts the endpoint and waits until its socket is there.</summary>
    /// <param name="guest">The guest it is for, with a profile.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <returns>The running program.</returns>
    public static async Task<ChildProcess> StartAsync(GuestOptions guest, string folder)
    {
        // A socket's path is limited to 107 bytes, so the program works in the folder and is given a name only.
        List<string> arguments =
        [
            "endpoint", "--vfio-user", SocketName, "--profile", guest.Profile!, .. guest.EndpointArguments,
        ];
        if (guest.EndpointKeepsLog)
        {
            arguments.AddRange(["--log", LogName]);
        }

        string output = Path.Combine(folder, "endpoint.log");
        string socket = Path.Combine(folder, SocketName);
        using var watcher = new FileSystemWatcher(folder, SocketName);
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => appeared.TrySetResult();
        watcher.EnableRaisingEvents = true;

        ChildProcess program = ChildProcess.Start(BuiltProgram.Mhi, arguments, folder, output);
        using var limit = new CancellationTokenSource(s_startLimit);
        Task first = await Task.WhenAny(appeared.Task, program.Exited, Task.Delay(Timeout.InfiniteTimeSpan, limit.Token));
        if (first == appeared.Task || File.Exists(socket))
        {
            return program;
        }

        string why = program.Exited.IsCompleted
            ? $"ended with status {program.ExitCode}"
            : $"made no socket within {s_startLimit.TotalSeconds} seconds";
        await program.DisposeAsync();
        throw new InvalidOperationException($"'mhi {string.Join(' ', arguments)}' {why}: {await File.ReadAllTextAsync(output)}");
    }
}
