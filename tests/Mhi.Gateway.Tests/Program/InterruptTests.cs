using System;
using System.Diagnostics;
using System.IO;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class InterruptTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("QUIT", 131)]
    public void Signal_DuringARun_EndsItWithItsResult(string signal, int exitCode)
    {
        using Process program = MhiProgram.Start("exec \"$@\" loopback --out - --duration 100");
        Stream echo = program.StandardOutput.BaseStream;

        // The first byte of the echo says that the run is under way.
        Assert.NotEqual(-1, echo.ReadByte());
        Send(signal, program);
        echo.CopyTo(Stream.Null);

        Assert.Contains("equal on both sides", program.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(exitCode, program.ExitCode);
    }

    [Fact]
    public void Interrupt_WhileTheOutputIsBlocked_EndsTheRun()
    {
        using Process program = MhiProgram.Start("exec \"$@\" loopback --out - --duration 100 --quiet");
        Assert.NotEqual(-1, program.StandardOutput.BaseStream.ReadByte());
        Send("INT", program);

        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(130, program.ExitCode);
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
        Send("INT", program);
        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(130, program.ExitCode);
        Assert.Equal("", program.StandardError.ReadToEnd());
    }

    private static void Send(string signal, Process program)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{program.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
