using System.Linq;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

public sealed class GuestTranscriptTests
{
    private static readonly string[] s_report =
    [
        "SCENARIO first\r",
        "NOTE first took 12 ms\r",
        "a line that a command printed\r",
        "PASS first\r",
        "SCENARIO second\r",
        "FAIL second no answer to AT\r",
        "SCENARIO third\r",
        "KERNEL <5>[    0.1] Linux version 6.1\r",
        "KERNEL <12>[    4.0] mhi-guest: begin first\r",
        "KERNEL <7>[    4.1] mhi mhi0: State change event to state: M0\r",
        "KERNEL <12>[    5.0] mhi-guest: begin second\r",
        "KERNEL <3>[    5.1] mhi mhi0: Failed to reset channel, still resetting\r",
        "KERNEL <12>[    6.0] mhi-guest: end\r",
        "KERNEL <3>[    6.1] mhi mhi0: after the end\r",
        "END all scenarios ran\r",
    ];

    [Fact]
    public void Parse_WhenScenarioPassed_KeepsItsNotes()
    {
        ScenarioReport report = GuestTranscript.Parse(s_report)["first"];

        Assert.True(report.Passed);
        Assert.Equal(["took 12 ms"], report.Notes);
    }

    [Fact]
    public void Parse_WhenScenarioFailed_KeepsTheReason()
    {
        ScenarioReport report = GuestTranscript.Parse(s_report)["second"];

        Assert.False(report.Passed);
        Assert.Equal("no answer to AT", report.Reason);
    }

    [Fact]
    public void Parse_WhenScenarioBrokeOff_DoesNotCallItPassed() =>
        Assert.False(GuestTranscript.Parse(s_report)["third"].Passed);

    [Fact]
    public void Parse_WhenScenarioWasNeverReached_DoesNotCallItPassed() =>
        Assert.False(GuestTranscript.Parse(s_report)["fourth"].Passed);

    [Fact]
    public void Parse_GivesEachScenarioTheKernelLinesSinceItsBegin()
    {
        GuestTranscript transcript = GuestTranscript.Parse(s_report);

        Assert.Equal(
            [new KernelLine(4, "[    4.0] mhi-guest: begin first"), new KernelLine(7, "[    4.1] mhi mhi0: State change event to state: M0")],
            transcript["first"].KernelLog);
        Assert.Equal(2, transcript["second"].KernelLog.Count);
    }

    [Fact]
    public void Parse_WhenGuestBrokeOff_HasNoEnding()
    {
        Assert.Equal("all scenarios ran", GuestTranscript.Parse(s_report).Ending);
        Assert.Null(GuestTranscript.Parse(s_report.SkipLast(1)).Ending);
    }
}
