using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Mhi.Gateway.Tests.Infrastructure;
using Mhi.Interop.Files;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

/// <summary>Every way in which <c>mhi nodes</c> can end leaves nothing mounted.</summary>
[Trait("Category", "Slow")]
public sealed class NodesEndTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    private string Nodes => _folder.PathOf("nodes");

    private string Loopback => Path.Combine(Nodes, "mhi_emu0_LOOPBACK");

    private bool IsMounted => File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains($" {Nodes} ", StringComparison.Ordinal));

    // The guardian's command line: its program, its command, the mount's path and its device.
    private int? Guardian => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _) && CommandLineOf(name!).Contains($"\0guard-mount\0{Nodes}\0", StringComparison.Ordinal))
        .Select(name => (int?)int.Parse(name!, CultureInfo.InvariantCulture)).FirstOrDefault();

    [MountFact]
    public void Kill_LeavesNothingMounted()
    {
        Process server = StartServer("exec");
        Process reader = Start($"exec 3<>{Loopback}; exec cat <&3");
        Until(() => CommandLineOf($"{reader.Id}").StartsWith("cat", StringComparison.Ordinal));
        int guardian = Guardian ?? throw new InvalidOperationException("Nobody guards the mount.");

        // What ends everything that was started from a terminal ends the guardian not, while there is something to guard.
        foreach (string signal in new[] { "-HUP", "-INT", "-QUIT", "-TERM" })
        {
            Signal(guardian, signal);
        }

        Assert.True(IsMounted);
        using DeviceFile mounts = DeviceFile.Open("/proc/self/mountinfo", DeviceAccess.Read, nonBlocking: false);
        Signal(server.Id, "-KILL");
        while (IsMounted)
        {
            Assert.NotEqual(FileEvents.None, mounts.Wait(FileEvents.None, null, (int)s_limit.TotalMilliseconds));
        }

        Assert.True(reader.WaitForExit(s_limit));
        Assert.NotEqual(0, reader.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Nodes));
        Until(() => !CommandLineOf($"{guardian}").Contains(Nodes, StringComparison.Ordinal));
    }

    [MountFact]
    public void End_InOrder_LeavesNoGuardian()
    {
        Process server = StartServer("exec");
        Assert.NotNull(Guardian);
        End(server, "-TERM", 143);
        Until(() => Guardian is null);
    }

    [MountFact]
    public void HangUps_EndTheProgramInOrder()
    {
        // The kernel sends one when a terminal goes, and the shell another.
        Process server = StartServer("exec");
        Signal(server.Id, "-HUP");
        End(server, "-HUP", 129);
    }

    [MountFact]
    public void Quit_EndsTheProgramInOrder() => End(StartServer("exec"), "-QUIT", 131);

    [MountFact("nohup")]
    public void HangUp_UnderNohup_EndsNothing()
    {
        Process server = StartServer("exec nohup");
        Signal(server.Id, "-HUP");
        MhiProgram.Run($"loopback --node {Loopback} --count 10 --quiet").AssertDone();
        End(server, "-TERM", 143);
    }

    public void Dispose()
    {
        // What a test that failed left running.
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }

            process.Dispose();
        }

        if (IsMounted)
        {
            _ = MhiProgram.Shell($"umount -l {Nodes}");
        }

        _folder.Dispose();
    }

    private static string CommandLineOf(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, s_limit));

    private static void Signal(int process, string signal)
    {
        using Process kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private Process Start(string command)
    {
        Process process = MhiProgram.Start(command);
        _processes.Add(process);
        return process;
    }

    private Process StartServer(string how)
    {
        Process server = Start($"{how} \"$@\" nodes --dir {Nodes} --channel LOOPBACK");
        Assert.Equal(Loopback, server.StandardOutput.ReadLineAsync().WaitAsync(s_limit).GetAwaiter().GetResult());
        return server;
    }

    private void End(Process server, string signal, int exitCode)
    {
        Signal(server.Id, signal);
        Assert.True(server.WaitForExit(s_limit));
        Assert.Equal(exitCode, server.ExitCode);
        Assert.False(IsMounted);
        Assert.False(Directory.Exists(Nodes));
    }
}
