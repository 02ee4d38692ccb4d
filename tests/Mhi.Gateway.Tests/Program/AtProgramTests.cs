using System;
using System.Diagnostics;
using System.Linq;
using System.Text;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class AtProgramTests
{
    [Fact]
    public void Lines_FromAPipe_AreAnsweredInOrder()
    {
        MhiRun run = MhiProgram.Run("at", "AT\nAT+CSQ\n\nAT+FROB\nATE0\nAT+CREG?\n"u8.ToArray());

        run.AssertDone();
        Assert.Equal("AT\nOK\nAT+CSQ\n+CSQ: 24,99\nOK\nAT+FROB\nERROR\nATE0\nOK\n+CREG: 0,1\nOK\n", run.Text);
    }

    [Fact]
    public void EmptyInput_EndsAtOnce()
    {
        MhiRun run = MhiProgram.Run("at");

        run.AssertDone();
        Assert.Equal("", run.Text);
    }

    [Fact]
    public void ManyLines_AreAllAnswered()
    {
        MhiRun run = MhiProgram.Run("at", Encoding.ASCII.GetBytes("ATE0\n" + string.Concat(Enumerable.Repeat("AT\n", 500))));

        run.AssertDone();
        Assert.Equal(502, run.Text.AsSpan().Count('\n'));
    }

    [Fact]
    public void Terminal_ShowsEachCommandOnceAndEndsAtCtrlD()
    {
        // script(1) gives the program a terminal.
        using Process terminal = MhiProgram.Start("exec script -qec \"$(printf '%q ' \"$@\")at\" /dev/null");
        var shown = new StringBuilder();
        ReadUntil(terminal, shown, "at> ");
        Type(terminal, "AT\n");
        ReadUntil(terminal, shown, "OK\r\nat> ");
        Type(terminal, "\u0004");
        shown.Append(terminal.StandardOutput.ReadToEnd());

        Assert.True(terminal.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, terminal.ExitCode);
        Assert.Equal("at> AT\nOK\nat> \n", shown.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("at < /", "Standard input could not be read: Is a directory.")]
    [InlineData("at > /dev/full < <(echo AT)", "Standard output could not be written: no space is left on its device.")]
    public void Stream_ThatFails_ExitsWith1(string arguments, string sentence) => MhiProgram.Run(arguments).AssertFailed(1, sentence);

    [Fact]
    [Trait("Category", "Slow")]
    public void Channel_WithoutAtPort_ExitsWith1()
    {
        MhiRun run = MhiProgram.Run("at --channel LOOPBACK", "AT\n"u8.ToArray());

        run.AssertFailed(
            1, "Channel LOOPBACK gave no final result code for 'AT' within 10 s; after ATQ1 it gives none, and a channel without an AT port never does.");
    }

    private static void Type(Process terminal, string keys)
    {
        terminal.StandardInput.Write(keys);
        terminal.StandardInput.Flush();
    }

    private static void ReadUntil(Process terminal, StringBuilder shown, string text)
    {
        while (!shown.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            int character = terminal.StandardOutput.Read();
            Assert.True(character >= 0, $"The terminal ended after '{shown}'.");
            shown.Append((char)character);
        }
    }
}
