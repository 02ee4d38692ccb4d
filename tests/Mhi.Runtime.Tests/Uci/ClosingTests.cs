using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class ClosingTests
{
    [Fact]
    [UciClause(31, "Closing a handle that is not the last leaves channel, unread data and a partly read packet to the others.")]
    public void UCI_031_OtherHandlesReadOn()
    {
        using var bed = new OpenBed();
        UciHandle first = bed.Open();
        using UciHandle second = bed.Open();
        byte[] packet = [.. Enumerable.Range(0, 100).Select(static i => (byte)i)];
        Assert.True(bed.Device.Deliver(OpenBed.Downlink, packet));
        byte[] buffer = new byte[100];
        Assert.Equal(10, first.Read(buffer.AsSpan(0, 10), UciBed.Long));
        first.Dispose();
        Assert.Equal(90, second.Read(buffer.AsSpan(10), UciBed.Long));
        Assert.Equal(packet, buffer);
        Assert.Equal(2, bed.Device.Commands.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(33, "The last close first waits, at most the linger time, for queued uplink data to complete.")]
    public async Task UCI_033_QueuedDataGetsOut(bool forEver)
    {
        Assert.Equal(TimeSpan.FromSeconds(1), new UciHostOptions().Linger);
        using var bed = new OpenBed(linger: forEver ? TimeSpan.MaxValue : UciBed.Long);
        bed.Device.Echoes = false;
        UciHandle handle = bed.Open();
        _ = handle.Write([1, 2], UciBed.Long);
        _ = handle.Write([3], UciBed.Long);
        Task closing = handle.CloseAsync();

        // The close has reached the controller, and waits there.
        await bed.SettleRequestsAsync();
        Assert.False(closing.IsCompleted);
        Assert.DoesNotContain(bed.Device.Commands, static command => command.Type == ElementType.ResetChannel);
        OpenBed.WaitUntil(() => bed.Device.Outstanding(OpenBed.Uplink).Length == 2, "the device has both");
        Assert.Equal(2, bed.Device.CompletePackets(OpenBed.Uplink));
        await closing.WaitAsync(UciBed.Soon);
        Assert.Equal([[1, 2], [3]], bed.Device.Packets(OpenBed.Uplink));
        UciCounters counters = bed.Node.Counters;
        Assert.Equal((2, 3, 0, 0), (counters.CompletedBuffers, counters.CompletedBytes, counters.DroppedBuffers, counters.OutstandingBuffers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(33, "The last close first waits, at most the linger time, for queued uplink data to complete.")]
    public void UCI_033_TheLingerTimeIsTheLongestWait(bool isSilent)
    {
        var linger = TimeSpan.FromMilliseconds(700);
        var moment = TimeSpan.FromMilliseconds(1);
        using var bed = new ReceiveBed(isStepped: true, linger: linger);
        UciHandle handle = bed.Open();
        _ = handle.Write([1, 2]);
        bed.Pump();
        bed.Close(bed.Handle);
        bed.Device.IsSilent = isSilent;
        Task closing = handle.CloseAsync();
        bed.Pump();
        bed.Lower.Time.Advance(linger - moment);
        bed.Pump();
        Assert.False(closing.IsCompleted);
        Assert.Equal((0, 1), (bed.Node.Counters.DroppedBuffers, bed.Node.Counters.OutstandingBuffers));
        Assert.Equal(0, CountResets());

        // Now it is over: the channel is taken from the device, and from one that does not answer too.
        bed.Lower.Time.Advance(moment);
        bed.Pump();
        Assert.Equal((1, 2), (bed.Node.Counters.DroppedBuffers, bed.Node.Counters.DroppedBytes));
        if (isSilent)
        {
            Assert.False(closing.IsCompleted);
            for (int i = 0; i < 2; i++)
            {
                bed.Lower.Time.Advance(bed.Controller.Profile.Timeout);
                bed.Pump();
            }
        }

        ReceiveBed.Until(() => closing.IsCompletedSuccessfully);
        bed.Device.IsSilent = false;
        bed.Pump();
        Assert.Equal(2, CountResets());
        Assert.Equal((1, 0, 0), (bed.Node.Counters.DroppedBuffers, bed.Node.Counters.OutstandingBuffers, bed.Node.Counters.OpenHandles));

        int CountResets() => bed.Device.Commands.Count(static command => command.Type == ElementType.ResetChannel);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [UciClause(33, "The last close first waits, at most the linger time, for queued uplink data to complete.")]
    public async Task UCI_033_DroppedDataIsCounted(int lingerMilliseconds)
    {
        using var bed = new OpenBed(linger: TimeSpan.FromMilliseconds(lingerMilliseconds));
        bed.Device.Echoes = false;
        UciHandle handle = bed.Open();
        _ = handle.Write([1, 2], UciBed.Long);
        _ = handle.Write([3], UciBed.Long);
        await handle.CloseAsync().WaitAsync(UciBed.Soon);
        UciCounters counters = bed.Node.Counters;
        Assert.Equal((2, 3), (counters.DroppedBuffers, counters.DroppedBytes));
        Assert.Equal((2, 3), (counters.QueuedBuffers, counters.QueuedBytes));
        Assert.Equal((0, 0), (counters.CompletedBuffers, counters.OutstandingBuffers));
        Assert.Equal(0, bed.LiveChannels);
    }

    [Fact]
    [UciClause(34, "The last close frees every buffer and discards unread packets, counting them.")]
    public void UCI_034_UnreadPacketsAreDiscarded()
    {
        using var bed = new OpenBed();
        UciHandle handle = bed.Open();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(bed.Device.Deliver(OpenBed.Downlink, [1, 2, 3]));
        }

        OpenBed.WaitUntil(() => bed.Node.Counters.PendingBuffers == 3, "all have arrived");
        handle.Dispose();
        UciCounters counters = bed.Node.Counters;
        Assert.Equal(3, counters.DiscardedBuffers);
        Assert.Equal(0, counters.PostedBuffers + counters.PendingBuffers + counters.CurrentBuffers + counters.DeferredBuffers);
        OpenBed.WaitUntil(() => bed.LiveChannels == 0, "buffers are freed");
    }

    [Fact]
    [UciClause(36, "A reopened node starts with a full downlink ring, no unread data and no current packet.")]
    public void UCI_036_ReopenedNodeIsFresh()
    {
        using var bed = new OpenBed();
        using (UciHandle first = bed.Open())
        {
            Assert.True(bed.Device.Deliver(OpenBed.Downlink, new byte[100]));
            Assert.True(bed.Device.Deliver(OpenBed.Downlink, new byte[100]));
            Assert.Equal(50, first.Read(new byte[50], UciBed.Long));
        }

        using UciHandle handle = bed.Open(new UciOpenOptions { NonBlocking = true });
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(new byte[50], out int count));
        Assert.Equal(0, count);
        Assert.Equal(UciPollEvents.Out, handle.Poll());
        UciCounters counters = bed.Node.Counters;
        Assert.Equal((3, 0, 0), (counters.PostedBuffers, counters.PendingBuffers, counters.CurrentBuffers));
        Assert.Equal(3, bed.Device.Outstanding(OpenBed.Downlink).Length);
    }
}
