using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>An open that is given up at every moment of its life: nothing is left at the device, and its name is free.</summary>
public class ChannelOpeningTests
{
    private static ChannelOptions Loopback => ChannelOptions.Of<SmallLoopback>();

    [Fact]
    public async Task Abort_BeforeThePoll_SendsNoCommand()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        ChannelOpening opening = host.Controller.BeginOpenChannel(Loopback);
        opening.Abort();
        _ = host.Controller.Poll();
        await AssertStopped(opening);
        Assert.True(opening.Finished.IsCompletedSuccessfully);
        Assert.Empty(host.Device.TakeCommands());
        Assert.Equal(regions, host.Device.LiveRegions);
        _ = host.Open<SmallLoopback>();
    }

    [Fact]
    public async Task Abort_WhileStartOfTheUplinkIsUnanswered_ResetsTheUplinkOnly()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        ChannelOpening opening = host.Controller.BeginOpenChannel(Loopback);
        _ = host.Controller.Poll();
        var start = Assert.Single(host.Device.TakeCommands());

        opening.Abort();
        _ = host.Controller.Poll();
        await AssertStopped(opening);
        Assert.False(opening.Finished.IsCompleted);
        Assert.Equal(regions + 1, host.Device.LiveRegions);
        var reset = Assert.Single(host.Device.TakeCommands());
        Assert.Equal((ElementType.ResetChannel, (byte)0), (reset.Element.Type, reset.Element.Channel));

        // The START that completes late changes nothing.
        host.Device.Post(0, RingElement.CommandEvent(start.Address, CompletionCode.Success));
        _ = host.Controller.Poll();
        Assert.False(opening.Finished.IsCompleted);
        Assert.Empty(host.Device.TakeCommands());

        host.Device.Post(0, RingElement.CommandEvent(reset.Address, CompletionCode.Success));
        _ = host.Controller.Poll();
        Assert.True(opening.Finished.IsCompletedSuccessfully);
        Assert.Equal(regions, host.Device.LiveRegions);
        _ = host.Open<SmallLoopback>();
    }

    [Fact]
    public async Task Abort_AfterStartOfTheUplink_ResetsDownlinkThenUplink()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        ChannelOpening opening = host.Controller.BeginOpenChannel(Loopback);
        _ = host.Controller.Poll();
        Assert.Equal(1, host.Device.AnswerCommands());
        _ = host.Controller.Poll();
        Assert.Equal((byte)1, Assert.Single(host.Device.TakeCommands()).Element.Channel);

        opening.Abort();
        opening.Abort();
        _ = host.Controller.Poll();
        await AssertStopped(opening);
        var downlink = Assert.Single(host.Device.TakeCommands());
        host.Device.Post(0, RingElement.CommandEvent(downlink.Address, CompletionCode.Success));
        _ = host.Controller.Poll();
        var uplink = Assert.Single(host.Device.TakeCommands());
        host.Device.Post(0, RingElement.CommandEvent(uplink.Address, CompletionCode.Success));
        _ = host.Controller.Poll();

        Assert.Equal([1, 0], new[] { downlink, uplink }.Select(static command => (int)command.Element.Channel));
        Assert.All([downlink, uplink], static command => Assert.Equal(ElementType.ResetChannel, command.Element.Type));
        Assert.True(opening.Finished.IsCompletedSuccessfully);
        Assert.Equal(regions, host.Device.LiveRegions);
    }

    [Fact]
    public async Task Abort_AfterTheOpen_ClosesTheChannelWithoutLinger()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        ChannelOpening opening = host.Controller.BeginOpenChannel(Loopback);
        host.Settle(opening.Task);
        ChannelPair pair = await opening.Task;
        Assert.Equal(ChannelStatus.Done, pair.Uplink!.TryWriteOne([1]));
        Assert.False(opening.Finished.IsCompleted);

        opening.Abort();
        host.Settle(opening.Finished);
        Assert.Equal(MhiErrorCode.ChannelStopped, pair.Failure!.Code);
        Assert.Equal(regions, host.Device.LiveRegions);
        opening.Abort();
        Assert.Equal(0, host.Controller.Poll());
    }

    [Fact]
    public async Task Abort_WhenTheDeviceIsSilent_FinishesByItsTimeOuts()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        ChannelOpening opening = host.Controller.BeginOpenChannel(Loopback);
        _ = host.Controller.Poll();
        opening.Abort();
        _ = host.Controller.Poll();
        await AssertStopped(opening);
        Assert.InRange(host.Controller.MillisecondsUntilDue(), 1, 20_000);
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        Assert.True(opening.Finished.IsCompletedSuccessfully);

        // What the device may still write to stays until the device has stopped.
        Assert.Equal(regions + 1, host.Device.LiveRegions);
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Equal(0, host.Device.LiveRegions);
    }

    [Fact]
    public void Finished_WhenTheOpenIsRefused_CompletesAfterTheReset()
    {
        using var host = ScriptedHost.InMissionMode();
        ChannelOpening opening = host.Controller.BeginOpenChannel(Loopback);
        _ = host.Controller.Poll();
        _ = host.Device.AnswerCommands(CompletionCode.UndefinedError);
        _ = host.Controller.Poll();
        Assert.True(opening.Task.IsFaulted);
        Assert.False(opening.Finished.IsCompleted);
        host.Settle(opening.Finished);
    }

    [Fact]
    public void Finished_WhenThereIsNoSuchChannel_CompletesAtOnce()
    {
        using var host = ScriptedHost.InMissionMode();
        ChannelOpening opening = host.Controller.BeginOpenChannel(ChannelOptions.Of<UnknownChannel>());
        _ = host.Controller.Poll();
        Assert.True(opening.Task.IsFaulted);
        Assert.True(opening.Finished.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Abort_OfAControllerThatFailedOrWasDisposed_HasNothingLeftToDo()
    {
        var host = ScriptedHost.InMissionMode();
        ChannelOpening failed = host.Controller.BeginOpenChannel(Loopback);
        _ = host.Controller.Poll();
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.SystemError, (await Assert.ThrowsAsync<MhiException>(() => failed.Task)).Code);
        Assert.True(failed.Finished.IsCompletedSuccessfully);
        failed.Abort();
        _ = host.Controller.Poll();

        host.PowerUp();
        ChannelOpening disposed = host.Controller.BeginOpenChannel(Loopback);
        host.Dispose();
        disposed.Abort();
        Assert.True(disposed.Task.IsFaulted);
        Assert.True(disposed.Finished.IsCompletedSuccessfully);
        Assert.Equal(0, host.Device.LiveRegions);
    }

    private static async Task AssertStopped(ChannelOpening opening)
    {
        var exception = await Assert.ThrowsAsync<MhiException>(() => opening.Task);
        Assert.Equal((MhiErrorCode.ChannelStopped, "LOOPBACK"), (exception.Code, exception.Channel));
        Assert.Contains("given up", exception.Message, StringComparison.Ordinal);
    }
}
