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
    [InlineData("nodes --channel LOOPBACK --channel FOO", "There is no channel 'FOO' in channels.json; it has LOOPBACK, DUN, DIAG, MBIM, QMI, IP_HW0_MBIM.")]
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

    [MountFact("python3")]
    public void Nodes_KilledWithClientsAtWork_AreReplacedAtTheNextStart()
    {
        const string Script =
            """
            import os, select, sys
            fd = os.open(sys.argv[1], os.O_RDWR)
            poller = select.poll()
            poller.register(fd, select.POLLHUP)
            print("ready", flush=True)
            try:
                if sys.argv[2] == "poll": assert poller.poll(60000) == [(fd, select.POLLERR)]
                elif sys.argv[2] == "read": os.read(fd, 1)
                else:
                    while True: os.write(fd, bytes(4096))
            except OSError:
                assert poller.poll(0) == [(fd, select.POLLERR)]
            print("ended", flush=True)
            """;
        Process server = Start("--channel LOOPBACK --channel DUN");
        _ = ReadPaths(server, 2);
        Process[] clients = [.. new[] { "write", "poll", "read" }.Select(kind =>
        {
            string node = kind == "write" ? Loopback : "mhi_emu0_DUN";
            Process client = MhiProgram.Start($"exec python3 -c '{Script}' {Nodes}/{node} {kind}");
            Assert.Equal("ready", client.StandardOutput.ReadLine());
            return client;
        })];
        Assert.True(SpinWait.SpinUntil(() => clients.All(client => File.ReadAllText($"/proc/{client.Id}/stat").Contains(") S ", StringComparison.Ordinal)), s_limit));
        Signal(server, "-KILL");
        Assert.True(server.WaitForExit(s_limit));
        foreach (Process client in clients)
        {
            Assert.True(client.WaitForExit(s_limit));
            Assert.Equal("ended", client.StandardOutput.ReadLine());
            Assert.Equal(0, client.ExitCode);
            client.Dispose();
        }

        Process next = Start("--channel LOOPBACK");
        Assert.Equal([Loopback], ReadPaths(next, 1));
        MhiProgram.Run($"loopback --node {Nodes}/{Loopback} --count 10 --quiet").AssertDone();
        Stop(next, "-TERM", 143);
        Directory.Delete(Nodes);
    }

    [MountFact]
    public void Device_ThatRestarts_TakesItsNodesAndBringsThemBack()
    {
        Process server = Start("");
        _ = ReadPaths(server, 5);
        Assert.Equal($"The nodes are files in {Nodes}, made with FUSE.", ReadError(server));
        for (int turn = 0; turn < 3; turn++)
        {
            using Process reader = MhiProgram.Start($"exec 3<>{Nodes}/{Loopback}; exec cat <&3");
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{reader.Id}/cmdline").StartsWith("cat", StringComparison.Ordinal), s_limit));

            // The modem's own restart: it answers, signals SYS_ERR and wants to be reset.
            Assert.Contains("OK", MhiProgram.Shell($"exec 3<>{Nodes}/mhi_emu0_DUN; printf 'AT+CFUN=1,1\\r' >&3; timeout 20 grep -a -m 1 OK <&3").Text, StringComparison.Ordinal);
            Assert.True(reader.WaitForExit(s_limit));
            Assert.Contains("No such device", reader.StandardError.ReadToEnd(), StringComparison.Ordinal);
            Assert.Contains("Its nodes are gone until it is back.", ReadError(server), StringComparison.Ordinal);
            Assert.Equal("The device is back, and so are its nodes.", ReadError(server));
            MhiProgram.Run($"loopback --node {Nodes}/{Loopback} --count 10 --quiet").AssertDone();
        }

        Stop(server, "-TERM", 143);
    }

    [MountFact]
    public void Device_InAProcessThatIsKilledAndStartedAgain_ComesBackWithItsNodes()
    {
        string socket = _folder.PathOf("modem");
        Process endpoint = StartEndpoint(socket);
        Process server = Start($"--device vfio-user:{socket} --channel LOOPBACK");
        string node = Path.Combine(Nodes, ReadPaths(server, 1)[0]);
        Assert.Equal($"The nodes are files in {Nodes}, made with FUSE.", ReadError(server));
        for (int turn = 0; turn < 3; turn++)
        {
            MhiProgram.Run($"loopback --node {node} --count 10 --quiet").AssertDone();
            using Process reader = MhiProgram.Start($"exec 3<>{node}; exec cat <&3");
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{reader.Id}/cmdline").StartsWith("cat", StringComparison.Ordinal), s_limit));
            Signal(endpoint, "-KILL");
            Assert.True(reader.WaitForExit(s_limit));
            Assert.Contains("No such device", reader.StandardError.ReadToEnd(), StringComparison.Ordinal);
            Assert.Contains("Its nodes are gone until it is back.", ReadError(server), StringComparison.Ordinal);
            Assert.False(File.Exists(node));
            Assert.StartsWith("The device is not back yet: ", ReadError(server), StringComparison.Ordinal);

            endpoint = StartEndpoint(socket);
            Assert.Equal("The device is back, and so are its nodes.", ReadError(server));
        }

        Stop(server, "-TERM", 143);
        Stop(endpoint, "-TERM", 143);
    }

    [MountFact]
    public void Nodes_WhoseDeviceIsAway_EndAtOnce()
    {
        string socket = _folder.PathOf("modem");
        Process endpoint = StartEndpoint(socket);
        Process server = Start($"--device vfio-user:{socket} --channel LOOPBACK");
        _ = ReadPaths(server, 1);
        _ = ReadError(server);
        Signal(endpoint, "-KILL");
        _ = ReadError(server);
        Stop(server, "-TERM", 143);
        Assert.False(Directory.Exists(Nodes));
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

    private Process StartEndpoint(string socket)
    {
        Process endpoint = MhiProgram.Start($"exec \"$@\" endpoint --vfio-user {socket}");
        _servers.Add(endpoint);
        Assert.Equal($"foxconn-t99w175 waits at {socket}.", ReadError(endpoint));
        return endpoint;
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

    private static string ReadError(Process server) =>
        server.StandardError.ReadLineAsync().WaitAsync(s_limit).GetAwaiter().GetResult() ?? throw new InvalidOperationException("The server has ended.");

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
