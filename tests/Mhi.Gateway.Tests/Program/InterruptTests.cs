using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class InterruptTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void Signal_DuringARun_EndsItWithItsResult(string signal, int exitCode)
    {
        // The first byte of the echo says that the run is under way.
        using var folder = new TemporaryFolder();
        string echo = folder.PathOf("echo");
        MhiRun run = MhiProgram.Shell(
            $"mkfifo '{echo}'; \"$@\" loopback --out '{echo}' --duration 100 --json & (head -c 1; kill -{signal} $!; cat) < '{echo}' > /dev/null; wait $!");

        Assert.Equal("", run.Error);
        Assert.Equal(exitCode, run.ExitCode);
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.NotEqual(0, json.RootElement.GetProperty("bytesSent").GetInt64());
        Assert.Equal(json.RootElement.GetProperty("sha256Sent").GetString(), json.RootElement.GetProperty("sha256Received").GetString());
    }

    [Fact]
    public void Interrupt_WhileTheInputIsSilent_EndsTheRun()
    {
        using Process program = MhiProgram.Start("exec \"$@\" loopback --in - --out - --size 1 --quiet");
        Stream input = program.StandardInput.BaseStream;
        input.Write("x"u8);
        input.Flush();
        Assert.Equal('x', program.StandardOutput.BaseStream.ReadByte());

        AssertInterrupted(program);
    }

    [Fact]
    public void Interrupt_OfAnAtSession_EndsIt()
    {
        using Process program = MhiProgram.Start("exec \"$@\" at");
        Stream input = program.StandardInput.BaseStream;
        input.Write("AT\n"u8);
        input.Flush();
        Assert.Equal("AT", program.StandardOutput.ReadLine());
        Assert.Equal("OK", program.StandardOutput.ReadLine());

        AssertInterrupted(program);
    }

    private static void AssertInterrupted(Process program)
    {
        using (Process kill = Process.Start("kill", ["-INT", $"{program.Id}"]))
        {
            kill.WaitForExit();
        }

        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(130, program.ExitCode);
        Assert.Equal("", program.StandardError.ReadToEnd());
    }
}
