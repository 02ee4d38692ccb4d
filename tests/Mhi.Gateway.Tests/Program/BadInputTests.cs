using System;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("", "Say what to do: loopback, at, list, bind, unbind, doctor, table, endpoint or nodes.")]
    [InlineData("frob", "There is no command 'frob'; the commands are loopback, at, list, bind, unbind, doctor, table, endpoint and nodes.")]
    [InlineData("loopback --size 0", "--size must be a number of bytes from 1 to 65535, not '0'.")]
    [InlineData("loopback --size 65536", "--size must be a number of bytes from 1 to 65535, not '65536'.")]
    [InlineData("loopback --size", "Required argument missing for option: '--size'.")]
    [InlineData("loopback --channel FOO", "There is no channel 'FOO' in channels.json; it has LOOPBACK, DUN, DIAG, MBIM, QMI, IP_HW0_MBIM.")]
    [InlineData("loopback --device vfio", "--device must be emulated, vfio-user:PATH or vfio:DDDD:BB:DD.F, not 'vfio'.")]
    [InlineData("loopback --profile frob", "There is no profile 'frob'; `mhi endpoint --profile list` prints those there are.")]
    [InlineData("loopback --json --out -", "--json and --out - both want standard output; give --out a file.")]
    public void CommandLine_ThatCannotBeUnderstood_ExitsWith2(string arguments, string sentence) =>
        MhiProgram.Run(arguments).AssertFailed(2, sentence);

    [Theory]
    [InlineData("--in /nonexistent/file", "The input '/nonexistent/file' does not exist.")]
    [InlineData("--in /", "The input '/' is a directory; --in needs a file.")]
    [InlineData("--out /", "The output '/' is a directory; --out needs a file.")]
    [InlineData("--out /nonexistent/file", "The output '/nonexistent/file' cannot be created: its directory does not exist.")]
    [InlineData("--in /proc/self/mem", "The input '/proc/self/mem' could not be read after 0 bytes: the device behind it reported an I/O error.")]
    [InlineData("--out /dev/full", "The output '/dev/full' could not take the echo: no space is left on its device.")]
    [InlineData("--in - < /", "Standard input could not be read after 0 bytes: Is a directory.")]
    [InlineData("--out - > /dev/full", "Standard output could not take the echo: no space is left on its device.")]
    [InlineData("--count 1 > /dev/full", "Standard output could not be written: no space is left on its device.")]
    [InlineData("--count 1 --json > /dev/full", "Standard output could not be written: no space is left on its device.")]
    public void Loopback_WithAFileThatFails_ExitsWith1(string arguments, string sentence) =>
        MhiProgram.Run("loopback " + arguments).AssertFailed(1, sentence);

    [NativeTheory]
    [InlineData("loopback --in - <&-", "Standard input is closed; redirect it from a file or a pipe.")]
    [InlineData("loopback --out - >&-", "Standard output is closed; redirect it to a file or a pipe.")]
    [InlineData("loopback --count 1 >&-", "Standard output is closed; redirect it to a file or a pipe.")]
    [InlineData("at <&-", "Standard input is closed; redirect it from a file or a pipe.")]
    public void Stream_ThatIsClosed_ExitsWith1(string arguments, string sentence) => MhiProgram.Run(arguments).AssertFailed(1, sentence);

    [Fact]
    public void Loopback_WhoseOutputIsClosedHalfWay_ExitsWith1()
    {
        MhiRun run = MhiProgram.Shell("\"$@\" loopback --out - --duration 100 | head -c 1; exit ${PIPESTATUS[0]}");

        run.AssertFailed(1, "Standard output could not take the echo: its reader has closed it.");
        Assert.Single(run.Output);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("--help")]
    [InlineData("loopback --count 1 --json")]
    public void Text_WhoseReaderHasGone_IsNoFailure(string arguments)
    {
        // The right side closes the pipe before it lets the left side begin.
        using var folder = new TemporaryFolder();
        string gate = folder.PathOf("gate");
        MhiRun run = MhiProgram.Shell(
            $"mkfifo '{gate}'; (cat '{gate}'; \"$@\" {arguments}) | (exec <&-; : > '{gate}'); exit ${{PIPESTATUS[0]}}");

        run.AssertDone();
    }

    [Fact]
    public void Loopback_OnAChannelThatAnswersSomethingElse_ExitsWith1()
    {
        MhiRun run = MhiProgram.Run("loopback --channel DUN --count 100");

        Assert.StartsWith("Channel DUN sent ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(": it is no echo; use LOOPBACK.\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Loopback_OnAChannelThatAnswersNothing_ExitsWith1() =>
        MhiProgram.Run("loopback --channel IP_HW0_MBIM").AssertFailed(
            1, "Nothing came back on channel IP_HW0_MBIM for 10 s; see whether the channel has an echo, as LOOPBACK has.");

    [Fact]
    public void Error_WithDebugSet_SaysWhereItCameFrom()
    {
        MhiRun run = MhiProgram.Shell("MHI_DEBUG=1 \"$@\" loopback --in /nonexistent");

        Assert.StartsWith("The input '/nonexistent' does not exist.\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [NativeFact]
    public void Failure_WhenStandardErrorIsClosed_StillHasItsExitCode()
    {
        MhiRun run = MhiProgram.Run("loopback --in /nonexistent 2>&-");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("", run.Text);
    }
}
