using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class EndpointProgramTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    private string SocketPath => _folder.PathOf("device");

    [Fact]
    public void ProfileList_PrintsTheProfiles()
    {
        MhiRun run = MhiProgram.Run("endpoint --profile list");

        run.AssertDone();
        Assert.Contains("foxconn-t99w175", run.Text.Split('\n'));
    }

    [Theory]
    [InlineData("endpoint", "Say where: --vfio-user PATH, the socket that QEMU is given.")]
    [InlineData("endpoint --vfio-user x --profile y", "There is no profile 'y'; `mhi endpoint --profile list` prints those there are.")]
    [InlineData(
        "endpoint --vfio-user x --idle-time 0",
        "--idle-time must be a number of milliseconds from 1 to 3600000, not '0'; leave it out for a device that never rests.")]
    [InlineData("endpoint --vfio-user x --function DUN", "--function must be CHANNEL=NAME, such as DUN=echo, not 'DUN'.")]
    public void ValueThatMakesNoSense_IsSaidInASentence(string arguments, string sentence) =>
        MhiProgram.Run(arguments).AssertFailed(2, sentence);

    [Fact]
    public void PageOfTheEndpoint_ExplainsEveryOption_AndNoOther()
    {
        MhiRun run = MhiProgram.Run("endpoint --help");
        run.AssertDone();
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "endpoint.md"));

        string[] options = [.. Regex.Matches(run.Text, "^ +(?:-., )*(--[a-z0-9-]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        string[] explained = [.. Regex.Matches(page, "^\\| `(--[a-z0-9-]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

        Assert.Contains("--idle-time", options);
        Assert.Equal(options.Where(option => option is not ("--help" or "--version")).Order(), explained.Order());
    }

    [Fact]
    public void FunctionForAChannelThatTheProfileLacks_NamesThoseThereAre()
    {
        MhiRun run = MhiProgram.Run($"endpoint --vfio-user {SocketPath} --function NOSUCH=echo");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("foxconn-t99w175 has no channel 'NOSUCH' in mission mode; it has LOOPBACK, ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SocketInNoFolder_IsSaidInASentence()
    {
        MhiRun run = MhiProgram.Run($"endpoint --vfio-user {SocketPath}/x/y");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"Cannot listen on '{SocketPath}/x/y': ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Once_ServesOneClient_WritesTheLog_AndRemovesTheSocket()
    {
        string log = _folder.PathOf("log");
        using Process program = Start($"--once --log {log}");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
        using (Socket client = Connect())
        {
            Assert.Equal([7, 0, 1, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], Exchange(client, [7, 0, 1, 0, 20, 0, 0, 0, .. new byte[12]]));
        }

        Assert.True(program.WaitForExit(s_limit));
        Assert.Equal(0, program.ExitCode);
        Assert.False(File.Exists(SocketPath));
        string[] events = [.. File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("ev").GetString()!)];
        Assert.Equal(["vfio.connect", "vfio.version", "vfio.disconnect"], events.Where(name => name.StartsWith("vfio.", StringComparison.Ordinal)));
    }

    [Fact]
    public void ClientThatBreaksTheProtocol_EndsWithAReason_AndTheNextIsServed()
    {
        using Process program = Start("");
        using (Socket client = Connect())
        {
            Assert.Empty(Exchange(client, [.. Enumerable.Repeat((byte)0xff, 16)]));
        }

        Assert.Contains("The client announced a message of 4294967295 bytes", program.StandardError.ReadLine()!, StringComparison.Ordinal);
        using (Socket client = Connect())
        {
            Assert.NotEmpty(Exchange(client, [7, 0, 1, 0, 20, 0, 0, 0, .. new byte[12]]));
            Terminate(program);
        }

        Assert.Equal(143, program.ExitCode);
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void SocketThatIsInUse_IsRefused_AndOneThatWasLeftOverIsReplaced()
    {
        using Process first = Start("");
        MhiRun second = MhiProgram.Run($"endpoint --vfio-user {SocketPath}");
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("Address already in use", second.Error, StringComparison.Ordinal);
        first.Kill();
        first.WaitForExit();
        Assert.True(File.Exists(SocketPath));

        using Process third = Start("");

        Terminate(third);
        Assert.Equal(143, third.ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private static void Terminate(Process program)
    {
        using (Process kill = Process.Start("kill", ["-TERM", program.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Assert.True(program.WaitForExit(s_limit));
    }

    private static byte[] Exchange(Socket client, byte[] message)
    {
        client.Send(message);
        var bytes = new List<byte>();
        byte[] buffer = new byte[256];
        while (bytes.Count < 8 || bytes.Count < BinaryPrimitives.ReadInt32LittleEndian([.. bytes[4..8]]))
        {
            int got = client.Receive(buffer);
            if (got == 0)
            {
                break;
            }

            bytes.AddRange(buffer.AsSpan(0, got));
        }

        return [.. bytes];
    }

    private Process Start(string options)
    {
        Process program = MhiProgram.Start($"exec \"$@\" endpoint --vfio-user {SocketPath} {options}");
        Assert.Equal($"foxconn-t99w175 waits at {SocketPath}.", program.StandardError.ReadLine());
        return program;
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)s_limit.TotalMilliseconds };
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }
}
