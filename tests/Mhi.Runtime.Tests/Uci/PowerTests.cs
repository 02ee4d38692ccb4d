using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Handles of a device that sleeps, or whose controller is in an error.</summary>
public class PowerTests
{
    [Fact]
    [UciClause(113, "Writes while suspended are accepted up to the ring's capacity, ask for resume, and complete in order afterwards.")]
    public async Task UCI_113_WritesWhileSuspended()
    {
        using var bed = new RemovalBed(entry: new UciTableEntry("LOOPBACK", RemovalBed.Mtu) { PoolDepth = 2 });
        using UciHandle handle = bed.Open();
        await bed.Controller.SuspendAsync();
        Assert.Equal(MhiControllerState.Suspended, bed.Controller.State);

        // The device stays in M3 until it is told to react again.
        bed.Device.IsSilent = true;
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage([1]));
        Assert.Equal(1, handle.Write([2]));
        Assert.Equal(UciStatus.WouldBlock, handle.TryWriteMessage([9]));
        Task<int> third = OpenBed.OnThread(() => handle.Write([3]));
        bed.UntilWaiting(1);
        OpenBed.WaitUntil(() => bed.Controller.State == MhiControllerState.Resuming, "the writes ask for resume");
        Assert.Equal(2, bed.Node.Counters.OutstandingBuffers);
        Assert.Empty(bed.Device.Elements(RemovalBed.Uplink));
        Assert.False(third.IsCompleted);

        bed.Device.CompletesUplink = true;
        bed.Device.IsSilent = false;
        Assert.Equal(1, RemovalBed.Soon(third));
        Assert.Equal(1, handle.Write([4], UciBed.Soon));
        handle.Flush(UciBed.Soon);
        Assert.Equal("1 2 3 4", string.Join(' ', bed.Device.Packets(RemovalBed.Uplink).Select(packet => packet.Single())));
    }

    [Fact]
    [UciClause(114, "Data received before a suspend stays readable, and posting its buffers again meanwhile is no error.")]
    public async Task UCI_114_ReadingWhileSuspended()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        bed.Deliver(1, 2, 3);
        bed.Deliver(4);
        OpenBed.WaitUntil(() => bed.Node.Counters.PendingBuffers == 2, "both packets have arrived");
        await bed.Controller.SuspendAsync();
        byte[] data = new byte[10];
        Assert.Equal(UciPollEvents.In, handle.Poll() & UciPollEvents.In);
        Assert.Equal((3, 1), (handle.Read(data), data[0]));
        Assert.Equal((1, 4), (handle.Read(data), data[0]));
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(data, out _));
        UciCounters counters = bed.Node.Counters;
        Assert.Equal(3, counters.PostedBuffers + counters.PendingBuffers + counters.CurrentBuffers + counters.DeferredBuffers);
        Assert.Equal(MhiControllerState.Suspended, bed.Controller.State);

        await bed.Controller.ResumeAsync();
        OpenBed.WaitUntil(() => bed.Device.Outstanding(RemovalBed.Downlink).Length == 3, "the device has every buffer");
        Assert.Equal(3, bed.Node.Counters.PostedBuffers);
        for (byte value = 5; value < 15; value++)
        {
            bed.Deliver(value);
            Assert.Equal((1, value), (handle.Read(data, UciBed.Long), data[0]));
        }
    }

    [Fact]
    public async Task HostThatStartsWhileTheDeviceSleeps_PublishesIt_AndTheFirstOpenWakesIt()
    {
        using var bed = new RemovalBed();
        bed.Device.Echoes = true;
        bed.Host.Stop();
        await bed.Controller.SuspendAsync();
        bed.Host.Start();
        UciNode node = Assert.Single(bed.Host.Nodes);
        Assert.Equal(MhiControllerState.Suspended, bed.Controller.State);
        using UciHandle handle = node.Open();
        OpenBed.AssertEchoes(handle);
        Assert.Same(node, Assert.Single(bed.Host.Nodes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(115, "With the controller in an error, writes raise EIO with nothing queued and unread data stays readable; further reads wait for removal or recovery.")]
    public void UCI_115_ControllerInAnError(bool recovers)
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        bed.Deliver(1, 2, 3);
        OpenBed.WaitUntil(() => bed.Node.Counters.PendingBuffers == 1, "the packet has arrived");
        bed.Device.RaiseSystemError();
        OpenBed.WaitUntil(() => bed.Controller.State == MhiControllerState.Failed, "the controller sees SYS_ERR");

        byte[] large = new byte[5 * RemovalBed.Mtu];
        List<Action> writes =
        [
            () => handle.Write([1]),
            () => handle.Write(large),
            () => handle.Write([]),
            () => handle.TrySend(large, out _),
            () => handle.WriteMessage([1]),
            () => handle.TryWriteMessage([1]),
        ];
        Assert.All(writes, static write => RemovalBed.AssertError<UciIOException>(UciErrno.InputOutput, write));
        RemovalBed.AssertError<UciIOException>(UciErrno.InputOutput, RemovalBed.Ending(handle.WriteAsync(large).AsTask()));
        Assert.Equal(0, bed.Node.Counters.QueuedBuffers);

        byte[] data = new byte[10];
        Assert.Equal(UciPollEvents.In | UciPollEvents.Error, handle.Poll());
        Assert.Equal((2, 1), (handle.Read(data.AsSpan(0, 2)), data[0]));
        Assert.Equal((1, 3), (handle.Read(data), data[0]));
        Assert.Equal(UciPollEvents.Error, handle.Poll());
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(data, out _));
        Task<Exception?> reader = RemovalBed.Ending(() => handle.Read(data));
        Task<int> pending = handle.ReadAsync(data).AsTask();
        bed.UntilWaiting(2);
        Assert.False(reader.IsCompleted || pending.IsCompleted);
        Assert.False(bed.Node.IsGone);
        if (!recovers)
        {
            bed.Leave(Leaving.Remove);
            RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Soon(reader));
            RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(pending));
            return;
        }

        // The node stays; its channel was reset, so it works again once it is opened anew.
        bed.Controller.PowerUp();
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, RemovalBed.Soon(reader));
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, RemovalBed.Ending(pending));
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, () => handle.Write([1]));
        handle.Dispose();
        bed.Device.Echoes = true;
        using UciHandle again = bed.Open();
        OpenBed.AssertEchoes(again);
    }

    [Fact]
    [UciClause(116, "An idle open handle does not keep the device awake.")]
    public async Task UCI_116_IdleHandle_LetsTheDeviceSleep()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        _ = handle.Write([1]);
        bed.UntilHeld(1);
        _ = bed.Device.CompletePackets(RemovalBed.Uplink);
        handle.Flush(UciBed.Soon);

        // Nor does one who waits for data.
        Task<int> reading = handle.ReadAsync(new byte[10]).AsTask();
        Task<UciPollEvents> polling = handle.PollAsync(UciPollEvents.In).AsTask();
        await bed.Controller.SuspendAsync();
        Assert.Equal(MhiControllerState.Suspended, bed.Controller.State);
        await bed.Controller.ResumeAsync();
        Assert.False(reading.IsCompleted || polling.IsCompleted);
        bed.Deliver(2);
        Assert.Equal(1, RemovalBed.Soon(reading));
    }

    [Fact]
    [UciClause(116, "A suspend while uplink data is outstanding is refused with EBUSY and changes nothing.",
        Departure = "the power caller holds the controller, so he gets its MhiException, whose ErrorCode is EBUSY")]
    public async Task UCI_116_OutstandingData_RefusesTheSuspend()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        _ = handle.Write([1, 2]);
        bed.UntilHeld(1);
        var refusal = await Assert.ThrowsAsync<MhiException>(bed.Controller.SuspendAsync);
        Assert.Equal(UciErrno.Busy, refusal.ErrorCode);
        Assert.Equal("LOOPBACK", refusal.Channel);
        Assert.Equal(MhiControllerState.MissionMode, bed.Controller.State);
        Assert.Equal(1, bed.Node.Counters.OutstandingBuffers);
        Assert.Equal(UciPollEvents.Out, handle.Poll());

        Assert.Equal(1, bed.Device.CompletePackets(RemovalBed.Uplink));
        handle.Flush(UciBed.Soon);
        Assert.Equal(2, bed.Node.Counters.CompletedBytes);
        await bed.Controller.SuspendAsync();
    }
}
