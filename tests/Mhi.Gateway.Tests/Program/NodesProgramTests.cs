using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

[Trait("Category", "Slow")]
public sealed class NodesProgramTests : IDisposable
{
    private const string Loopback = "mhi_emu0_LOOPBACK";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _servers = [];

    private string Nodes => _folder.PathOf("nodes");

    [Theory]
    [InlineData("nodes --dir a --cuse", "--dir and --cuse are two places for the nodes; give one of them.")]
    [InlineData("nodes --mode 0888", "--mode must be permission bits in octal digits, such as 0660, not '0888'.")]
    [InlineData("nodes --mode 7777", "--mode must be permission bits in octal digits, such as 0660, not '7777'.")]
    [InlineData("nodes --group nosuchgroup", "There is no group 'nosuchgroup'; `getent group` lists those there are.")]
    [InlineData("nodes --owner nosuchuser", "There is no user 'nosuchuser'; `getent passwd` lists those there are.")]
    [InlineData("nodes --channel LOOPBACK --channel FOO", "There is no channel 'FOO' in channels.json; it has LOOPBACK, DUN, DIAG, MBIM, IP_HW0_MBIM.")]
    [InlineData("loopback --node /dev/null --channel DUN", "--node names the channel and the device in one; leave out --channel, --device and --profile.")]
    public void ValueThatMakesNoSense_IsSaidInASentence(string arguments, string sentence) =>
        MhiProgram.Run(arguments).AssertFailed(2, sentence);

    [Fact]
    public void Loopback_ThroughANodeThatIsNone_IsSaidInASentence() =>
        MhiProgram.Run("loopback --node /nonexistent/node").AssertFailed(
            1, "The node '/nonexistent/node' cannot be opened: No such file or directory. Give --node a device node you may read and write.");

    [Fact]
    public void Loopback_ThroughANodeThatEnds_IsSaidInASentence() =>
        MhiProgram.Run("loopback --node /dev/null").AssertFailed(1, "The node '/dev/null' ended: its driver closed the channel.");

    [MountFact]
    public void Directory_ThatIsNotEmpty_IsRefused()
    {
        Directory.CreateDirectory(Nodes);
        File.WriteAllText(Path.Combine(Nodes, "file"), "");
        MhiProgram.Run($"nodes --dir {Nodes}").AssertFailed(
            1, $"The directory '{Nodes}' is not empty, and a mount would hide what is in it; give an empty one.");
    }

    [MountFact]
    public void Nodes_OfTheEmulatedDevice_ServeOtherPrograms()
    {
        Process server = Start("--mode 0640 --group 20");
        string[] paths = ReadPaths(server, 5);
        Assert.Equal(["mhi_emu0_DIAG", "mhi_emu0_DUN", "mhi_emu0_IP_HW0_MBIM", Loopback, "mhi_emu0_MBIM"], paths.Order(StringComparer.Ordinal));
        Assert.Equal(paths, MhiProgram.Shell($"ls -U {Nodes}").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("640 0 20\n", MhiProgram.Shell($"stat -c '%a %u %g' {Nodes}/{Loopback}").Text);
        Assert.Equal("hello\n", MhiProgram.Shell($"exec 3<>{Nodes}/{Loopback}; echo hello >&3; timeout 20 head -n 1 <&3").Text);
        Assert.Contains("OK", MhiProgram.Shell($"exec 3<>{Nodes}/mhi_emu0_DUN; printf 'AT\\r' >&3; timeout 20 grep -a -m 1 OK <&3").Text, StringComparison.Ordinal);
        Stop(server, "-TERM", 143);
        Assert.False(Directory.Exists(Nodes));
    }

    [MountFact]
    public void Loopback_ThroughANode_ChecksEveryByte()
    {
        Process server = Start("--channel LOOPBACK");
        Assert.Equal([Loopback], ReadPaths(server, 1));
        foreach (int size in new[] { 1, 4096, 20_000 })
        {
            MhiRun run = MhiProgram.Run($"loopback --node {Nodes}/{Loopback} --count 500 --size {size} --json");
            run.AssertDone();
            using JsonDocument report = JsonDocument.Parse(run.Text);
            Assert.Equal(500 * size, report.RootElement.GetProperty("bytesReceived").GetInt64());
            Assert.Equal($"{Nodes}/{Loopback}", report.RootElement.GetProperty("node").GetString());
        }

        MhiRun text = MhiProgram.Run($"loopback --node {Nodes}/{Loopback} --in - --out - --quiet", "some text"u8.ToArray());
        text.AssertDone();
        Assert.Equal("some text", text.Text);
        Stop(server, "-INT", 130);
    }

    [MountFact]
    public void Nodes_KilledWithClientsAtWork_AreReplacedAtTheNextStart()
    {
        Process server = Start("--channel LOOPBACK");
        _ = ReadPaths(server, 1);
        using Process reader = MhiProgram.Start($"exec cat {Nodes}/{Loopback}");
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{reader.Id}/cmdline").StartsWith("cat", StringComparison.Ordinal), s_limit));
        Signal(server, "-KILL");
        Assert.True(server.WaitForExit(s_limit));
        Assert.True(reader.WaitForExit(s_limit));
        Assert.NotEqual(0, reader.ExitCode);

        Process next = Start("--channel LOOPBACK");
        Assert.Equal([Loopback], ReadPaths(next, 1));
        MhiProgram.Run($"loopback --node {Nodes}/{Loopback} --count 10 --quiet").AssertDone();
        Stop(next, "-TERM", 143);
        Directory.Delete(Nodes);
    }

    [MountFact]
    public void Nodes_Unmounted_EndTheProgram()
    {
        Process server = Start("--channel LOOPBACK");
        _ = ReadPaths(server, 1);
        Assert.Equal(0, MhiProgram.Shell($"umount {Nodes}").ExitCode);
        Assert.True(server.WaitForExit(s_limit));
        Assert.Equal(1, server.ExitCode);
        Assert.Contains("Somebody has unmounted", server.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [MountFact]
    public void SecondServer_AtTheSamePlace_IsRefused()
    {
        Process server = Start("--channel LOOPBACK");
        _ = ReadPaths(server, 1);
        MhiProgram.Run($"nodes --dir {Nodes}").AssertFailed(
            1, $"Another server has its nodes at '{Nodes}'; end it, or give another directory.");
        MhiProgram.Run($"loopback --node {Nodes}/{Loopback} --count 10 --quiet").AssertDone();
        Stop(server, "-TERM", 143);
    }

    public void Dispose()
    {
        // What a test that failed left running.
        foreach (Process server in _servers)
        {
            if (!server.HasExited)
            {
                server.Kill();
                server.WaitForExit();
                _ = MhiProgram.Shell($"umount -l {Nodes}");
            }

            server.Dispose();
        }

        _folder.Dispose();
    }

    private Process Start(string arguments)
    {
        Process server = MhiProgram.Start($"exec \"$@\" nodes --dir {Nodes} {arguments}");
        _servers.Add(server);
        return server;
    }

    private string[] ReadPaths(Process server, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            string path = server.StandardOutput.ReadLineAsync().WaitAsync(s_limit).GetAwaiter().GetResult()
                ?? throw new InvalidOperationException(server.StandardError.ReadToEnd());
            Assert.StartsWith(Nodes + "/", path, StringComparison.Ordinal);
            return path[(Nodes.Length + 1)..];
        }),
    ];

    private static void Stop(Process server, string signal, int exitCode)
    {
        Signal(server, signal);
        Assert.True(server.WaitForExit(s_limit));
        Assert.Equal(exitCode, server.ExitCode);
    }

    private static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
