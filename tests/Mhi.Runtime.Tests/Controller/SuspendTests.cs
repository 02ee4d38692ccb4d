using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>M3 and back, with a device whose every answer the test gives.</summary>
public class SuspendTests
{
    private const uint Wake = ScriptedDevice.ChannelDoorbells + (Doorbell.DeviceWake * Doorbell.EntryLength);

    [Fact]
    public async Task Suspend_LetsGoOfDeviceWake_AsksForM3_AndEndsWithItsEvent()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Values[MhiRegisters.Control] = 0x0200_0200;
        host.Device.Writes.Clear();
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Suspending, host.Controller.State);
        Assert.Equal([(Wake + 4, 0u), (Wake, 0u), (MhiRegisters.Control, 0x0200_0500u)], host.Device.Writes);
        Assert.False(suspending.IsCompleted);

        host.Device.Enter(MhiState.M3);
        _ = host.Controller.Poll();
        await suspending;
        Assert.Equal(MhiControllerState.Suspended, host.Controller.State);

        // Not even the doorbell of the ring that carried the event.
        Assert.Equal(3, host.Device.Writes.Count);
        await Finish(host, host.Controller.SuspendAsync());
    }

    [Fact]
    public void InM3_NoRegisterIsTouchedAndNothingIsDue()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 5);
        Suspend(host);
        int reads = host.Device.Reads;
        host.Device.Writes.Clear();

        // Not even for the buffer that is read and given back.
        Assert.Equal(5, channel.Read(new byte[100]));
        host.Controller.CheckDevice();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, host.Controller.Poll());
            host.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(-1, host.Controller.MillisecondsUntilDue());
        Assert.Equal(MhiControllerState.Suspended, host.Controller.State);
        Assert.Equal((reads, 0), (host.Device.Reads, host.Device.Writes.Count));
    }

    [Fact]
    public async Task Resume_AsksForM0_RingsEveryDoorbellAndHoldsTheDeviceAwake()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 5);
        ulong ring = host.Device.Channel(1).RingBase;
        Suspend(host);
        Assert.Equal(5, channel.Read(new byte[100]));
        Assert.Equal(ring + (31 * 16), host.Device.ChannelDoorbell(1));
        host.Device.Writes.Clear();

        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        Assert.Equal((MhiRegisters.Control, 0x200u), Assert.Single(host.Device.Writes));
        host.Device.Enter(MhiState.M0);
        _ = host.Controller.Poll();
        _ = host.Controller.Poll();
        await resuming;
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
        Assert.Contains((Wake, 1u), host.Device.Writes);
        Assert.Contains(host.Device.Writes, static write => write.Offset == ScriptedDevice.EventDoorbells);

        // The buffer read during the suspend has been posted again: all 31 are with the device.
        Assert.Equal(ring, host.Device.ChannelDoorbell(1));
        await Finish(host, host.Controller.ResumeAsync());
    }

    [Fact]
    public async Task Suspend_WhileUplinkDataIsOutstanding_IsRefusedAndChangesNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        host.Device.Writes.Clear();
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => suspending);
        Assert.Equal((MhiErrorCode.Busy, "LOOPBACK"), (exception.Code, exception.Channel));
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
        Assert.Empty(host.Device.Writes);

        // The completion that is there already, though not yet looked at, counts.
        Complete(host, 0);
        Suspend(host);
        Assert.Equal(0, channel.OutstandingBuffers);
    }

    [Fact]
    public async Task Suspend_WhileAChannelOpens_IsRefused()
    {
        using var host = ScriptedHost.InMissionMode();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.Busy, (await Assert.ThrowsAsync<MhiException>(() => suspending)).Code);
        host.Settle(opening);
    }

    [Fact]
    public async Task Suspend_OfAFamilyWithoutM3_IsRefused()
    {
        DeviceProfile profile = KnownProfiles.FoxconnT99W175 with { Traits = ProfileTraits.NoM3 };
        using var host = ScriptedHost.InMissionMode(profile: profile);
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => suspending);
        Assert.Equal(MhiErrorCode.NotSupported, exception.Code);
        Assert.Contains("foxconn-t99w175", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SuspendAndResume_OfAControllerThatIsOff_AreRefused()
    {
        using var host = new ScriptedHost();
        Task suspending = host.Controller.SuspendAsync();
        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.NotPoweredUp, (await Assert.ThrowsAsync<MhiException>(() => suspending)).Code);
        Assert.Equal(MhiErrorCode.NotPoweredUp, (await Assert.ThrowsAsync<MhiException>(() => resuming)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_AsksForResume_AndIsRungWhenTheDeviceIsBack(bool whileSuspending)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        if (whileSuspending)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
            _ = host.Controller.Poll();
            Assert.Equal(MhiControllerState.Suspending, host.Controller.State);
        }

        host.Device.Enter(MhiState.M3);
        _ = host.Controller.Poll();
        host.Settle(suspending);
        int taken = whileSuspending ? 1 : 0;
        while (channel.TryWrite([2]) == ChannelStatus.Done)
        {
            taken++;
        }

        Assert.Equal(31, taken);
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        Assert.Equal(0ul, host.Device.ChannelDoorbell(0));
        Assert.Equal(0, host.Controller.Poll());
        Assert.InRange(host.Controller.MillisecondsUntilDue(), 1, 2000);

        host.Device.Enter(MhiState.M0);
        _ = host.Controller.Poll();
        _ = host.Controller.Poll();
        ulong ring = host.Device.Channel(0).RingBase;
        Assert.Equal(ring + (31 * 16), host.Device.ChannelDoorbell(0));
        Assert.Equal(whileSuspending ? 1 : 2, host.Device.Dma(host.Device.Element(ring).Address, 1)[0]);
        Assert.Equal(2, host.Device.Dma(host.Device.Element(ring + 16).Address, 1)[0]);
    }

    [Fact]
    public async Task OpenAndClose_ResumeTheDevice_AndTheirTimeBeginsWithIt()
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        host.Time.Advance(TimeSpan.FromSeconds(19));
        host.Device.Enter(MhiState.M0);
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(19));
        host.Settle(opening);

        MhiDuplexChannel<SmallLoopback> channel = (await opening).AsDuplex<SmallLoopback>();
        Suspend(host);
        Task closing = channel.CloseAsync(TimeSpan.Zero);
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        host.Device.Enter(MhiState.M0);
        host.Settle(closing);
    }

    [Fact]
    public void PowerUp_OfASuspendedDevice_ResumesIt()
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task up = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        host.Device.Enter(MhiState.M0);
        host.Settle(up);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void PowerDown_AtRest_ResumesFirstAndThenResets(int rest)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task[] waiting = BringToRest(host, rest);
        host.Device.Writes.Clear();
        Task down = host.Controller.PowerDownAsync();
        _ = host.Controller.Poll();
        if (rest == 0)
        {
            host.Device.Enter(MhiState.M3);
            _ = host.Controller.Poll();
            _ = host.Controller.Poll();
        }

        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        Assert.DoesNotContain(host.Device.Writes, static write => write.Offset == MhiRegisters.Control && (write.Value & MhiRegisters.ControlReset) != 0);
        host.Device.Enter(MhiState.M0);
        host.Settle(down);
        host.Settle(Task.WhenAll(waiting));
        Assert.Contains(host.Device.Writes, static write => write.Offset == MhiRegisters.Control && (write.Value & MhiRegisters.ControlReset) != 0);
        Assert.Equal(MhiControllerState.Off, host.Controller.State);
        Assert.Equal(MhiErrorCode.ChannelStopped, channel.Failure!.Code);
    }

    [Fact]
    public void PowerDown_WhenTheDeviceDoesNotComeBack_EndsItsUseAllTheSame()
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task down = host.Controller.PowerDownAsync();
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(21));
        host.Settle(down);
        Assert.Equal(MhiControllerState.Off, host.Controller.State);
        Assert.False(host.Device.IsBusMaster);

        // What the device remembers of the old host must go first.
        host.Device.Writes.Clear();
        host.PowerUp();
        Assert.Contains(host.Device.Writes, static write => write.Offset == MhiRegisters.Control && (write.Value & MhiRegisters.ControlReset) != 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dispose_AtRest_EndsEveryWait(int rest)
    {
        var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task[] waiting = BringToRest(host, rest);
        int writes = host.Device.Writes.Count;
        host.Dispose();
        foreach (Task task in waiting)
        {
            Assert.Equal(MhiErrorCode.ChannelStopped, (await Assert.ThrowsAsync<MhiException>(() => task)).Code);
        }

        Assert.Equal(ChannelStatus.Down, channel.TryWrite([1]));
        Assert.Equal(writes, host.Device.Writes.Count);
        Assert.Equal(0, host.Device.LiveRegions);
    }

    [Fact]
    public async Task Requests_ThatMeetEachOther_AllEnd()
    {
        using var host = ScriptedHost.InMissionMode();
        Task first = host.Controller.SuspendAsync();
        Task second = host.Controller.SuspendAsync();
        Task resume = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        host.Device.Enter(MhiState.M3);
        _ = host.Controller.Poll();
        _ = host.Controller.Poll();
        await first;
        await second;
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        Task third = host.Controller.SuspendAsync();
        Task again = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.Busy, (await Assert.ThrowsAsync<MhiException>(() => third)).Code);
        host.Device.Enter(MhiState.M0);
        _ = host.Controller.Poll();
        await resume;
        await again;
    }

    private static void Suspend(ScriptedHost host)
    {
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        host.Device.Enter(MhiState.M3);
        _ = host.Controller.Poll();
        Assert.True(suspending.IsCompletedSuccessfully);
    }

    /// <summary>0: suspending, 1: suspended, 2: resuming. Returns what waits.</summary>
    private static Task[] BringToRest(ScriptedHost host, int rest)
    {
        if (rest == 0)
        {
            Task suspending = host.Controller.SuspendAsync();
            _ = host.Controller.Poll();
            return [suspending];
        }

        Suspend(host);
        if (rest == 1)
        {
            return [];
        }

        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        return [resuming];
    }

    private static async Task Finish(ScriptedHost host, Task task)
    {
        _ = host.Controller.Poll();
        await task;
    }

    private static void Deliver(ScriptedHost host, ushort length)
    {
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, length, 1));
        _ = host.Controller.Poll();
    }

    private static void Complete(ScriptedHost host, uint element) => host.Device.Post(
        0, RingElement.TransferEvent(host.Device.Channel(0).RingBase + (element * 16), CompletionCode.EndOfTransfer, 1, 0));
}
