using System;
using System.Linq;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>How receive buffers come back to the device, and that none is ever lost.</summary>
public class RepostTests
{
    [Fact]
    [UciClause(51, "A fully read buffer is posted again with capacity R and EOT before the read returns.",
        Departure = "The read hands the buffer to the poll thread, which owns the ring and posts it at once with all others that are free: a read touches no register and takes no lock, and one doorbell serves several reads. The price: with a single receive buffer the device waits for the poll thread after every packet.")]
    public void UCI_051_ReadBufferIsPostedAgainAtOnce()
    {
        using var bed = new ReceiveBed(elements: 2, new UciTableEntry("LOOPBACK", 0x1000) { V6ReceiveSize = true }, isStepped: true);
        byte[] buffer = new byte[4096];
        for (int round = 0; round < 100; round++)
        {
            byte[] packet = ReceiveBed.Bytes(4064, round);
            bed.Arrive(packet);
            Assert.Equal(1, bed.Node.Counters.PendingBuffers);
            Assert.False(bed.Device.Deliver(ReceiveBed.Down, [1]));
            Assert.Equal(4064, bed.Handle.Read(buffer));
            Assert.Equal(packet, buffer[..4064]);
            PollOnce(bed);
            _ = Assert.Single(bed.Device.Outstanding(ReceiveBed.Down));
        }

        HeldElement[] posted = bed.Device.Elements(ReceiveBed.Down);
        Assert.Equal(101, posted.Length);
        Assert.All(posted, element =>
        {
            Assert.Equal(4064, element.Length);
            Assert.True(element.EndsTransfer);
            Assert.False(element.IsChained);
            Assert.Equal(posted[0].Buffer, element.Buffer);
        });
    }

    [Fact]
    [UciClause(51, "A fully read buffer is posted again with capacity R and EOT before the read returns.")]
    public void UCI_051_OnePollAndOneDoorbellPostWhatSeveralReadsLeft()
    {
        using var bed = new ReceiveBed(isStepped: true);
        byte[] buffer = new byte[100];
        for (int round = 0; round < 10; round++)
        {
            bed.Arrive([1], [2, 2], [3, 3, 3]);
            int doorbells = CountDoorbells();
            for (int length = 1; length <= 3; length++)
            {
                Assert.Equal(length, bed.Handle.Read(buffer));
            }

            Assert.Equal(doorbells, CountDoorbells());
            Assert.Equal(0, bed.Node.Counters.PostedBuffers);
            PollOnce(bed);
            Assert.Equal(3, bed.Node.Counters.PostedBuffers);
            Assert.Equal(3, bed.Device.Outstanding(ReceiveBed.Down).Length);
            Assert.Equal(doorbells + 1, CountDoorbells());
        }

        int CountDoorbells() => bed.Device.Doorbells.Count(static doorbell => doorbell.Channel == ReceiveBed.Down);
    }

    [Fact]
    [UciClause(52, "A failing repost does not fail the read; the buffer is kept and posted on the next completion, read, resume or within 100 ms.",
        Departure = "A repost cannot fail: buffers stay mapped while the channel is open and the ring has a place for each. It can only be late, when the poll thread is; the buffer then counts as deferred and is posted with the next poll.")]
    public void UCI_052_BuffersWaitForAPollThreadThatIsLate()
    {
        using var bed = new ReceiveBed(isStepped: true);
        byte[] buffer = new byte[100];
        for (int round = 0; round < 10; round++)
        {
            bed.Arrive(ReceiveBed.Bytes(10, round), ReceiveBed.Bytes(20, round), ReceiveBed.Bytes(30, round));
            Assert.Equal(3, bed.Node.Counters.PendingBuffers);
            for (int length = 10; length <= 30; length += 10)
            {
                Assert.Equal(length, bed.Handle.Read(buffer));
                Assert.Equal(ReceiveBed.Bytes(length, round), buffer[..length]);
            }

            UciCounters counters = bed.Node.Counters;
            Assert.Equal((0, 0, 0, 3), (counters.PostedBuffers, counters.PendingBuffers, counters.CurrentBuffers, counters.DeferredBuffers));
            Assert.False(bed.Device.Deliver(ReceiveBed.Down, [1]));
            PollOnce(bed);
            counters = bed.Node.Counters;
            Assert.Equal((3, 0), (counters.PostedBuffers, counters.DeferredBuffers));
            Assert.Equal(3, bed.Device.Outstanding(ReceiveBed.Down).Length);
        }
    }

    [Fact]
    [UciClause(52, "A failing repost does not fail the read; the buffer is kept and posted on the next completion, read, resume or within 100 ms.")]
    public void UCI_052_ReadWakesAPollThreadThatSleeps()
    {
        using var bed = new ReceiveBed(elements: 2);
        byte[] buffer = new byte[100];
        for (int round = 0; round < 100; round++)
        {
            bed.Arrive(ReceiveBed.Bytes(10, round));
            bed.UntilPending(1);

            // The device has no buffer and nothing to say: only the read can wake the thread.
            ReceiveBed.Until(() => bed.Controller.ClientVector.IsArmed);
            Assert.Equal(10, bed.Handle.Read(buffer));
            ReceiveBed.Soon(() => bed.Device.Outstanding(ReceiveBed.Down).Length == 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [UciClause(102, "While a node is open, posted + pending + current + deferred receive buffers are as many as the ring takes.")]
    public void UCI_102_EveryReceiveBufferIsSomewhere(int seed)
    {
        var random = new Random(seed);
        var entry = new UciTableEntry("LOOPBACK", 64) { DeliverEmptyPackets = seed % 2 == 0 };
        using var bed = new ReceiveBed(elements: 1 << random.Next(1, 5), entry, isStepped: true);
        byte[] buffer = new byte[100];
        long written = 0;
        for (int step = 0; step < 1000; step++)
        {
            switch (random.Next(9))
            {
                case 0 or 1:
                    _ = bed.Device.Deliver(ReceiveBed.Down, ReceiveBed.Bytes(random.Next(200), step));
                    break;
                case 2:
                    CompletionCode code = random.Next(3) == 0 ? CompletionCode.UndefinedError : CompletionCode.Overflow;
                    _ = bed.Device.DeliverPiece(ReceiveBed.Down, ReceiveBed.Bytes(random.Next(65), step), code);
                    break;
                case 3:
                    _ = bed.Device.DeliverPiece(ReceiveBed.Down, [], CompletionCode.EndOfTransfer, (ushort)random.Next(3, 80));
                    break;
                case 4 or 5:
                    _ = bed.Handle.TryRead(buffer.AsSpan(0, random.Next(buffer.Length)), out _);
                    break;
                case 6:
                    _ = bed.Handle.TryReceive(buffer.AsSpan(0, random.Next(buffer.Length)), out _);
                    break;
                case 7:
                    _ = bed.Handle.TrySend(buffer.AsSpan(0, random.Next(buffer.Length)), out UciSendResult sent);
                    written += sent.Count;
                    break;
                default:
                    CompletionCode outcome = random.Next(3) == 0 ? CompletionCode.UndefinedError : CompletionCode.EndOfTransfer;
                    _ = bed.Device.CompletePackets(ReceiveBed.Up, random.Next(3), outcome);
                    break;
            }

            AssertUplinkIsBalanced(bed, written);
            bed.Pump();
            bed.AssertEveryBufferIsAccountedFor();
            AssertUplinkIsBalanced(bed, written);
        }

        bed.Close(bed.Handle);
        Assert.Equal(0, bed.Node.Counters.PostedBuffers + bed.Node.Counters.PendingBuffers);
        Assert.Equal(bed.RegionsWhenClosed, bed.Device.LiveRegions);
        AssertUplinkIsBalanced(bed, written);
    }

    [Fact]
    [UciClause(103, "Unread data is bounded by the receive buffers; nothing is dropped, the device stalls, and reading resumes the flow.")]
    public void UCI_103_UnreadFloodStallsTheDevice()
    {
        using var bed = new ReceiveBed();
        byte[] buffer = new byte[8];
        int sent = 0;
        while (sent < 50)
        {
            if (bed.Device.Deliver(ReceiveBed.Down, BitConverter.GetBytes(sent)))
            {
                sent++;
                continue;
            }

            bed.UntilPending(3);
            Assert.Equal(0, bed.Node.Counters.PostedBuffers);
            Assert.Equal(4, bed.Handle.Read(buffer));
            Assert.Equal(sent - 3, BitConverter.ToInt32(buffer));
            ReceiveBed.Soon(() => bed.Node.Counters.PostedBuffers == 1);
            ReceiveBed.Soon(() => bed.Device.Outstanding(ReceiveBed.Down).Length == 1);
        }

        for (int i = 47; i < 50; i++)
        {
            Assert.Equal(4, bed.Handle.Read(buffer, UciBed.Long));
            Assert.Equal(i, BitConverter.ToInt32(buffer));
        }

        Assert.Equal(UciStatus.WouldBlock, bed.Handle.TryRead(buffer, out _));
    }

    // One step of the poll thread, and what the device makes of it.
    private static void PollOnce(ReceiveBed bed)
    {
        _ = bed.Controller.Poll();
        _ = bed.Device.Step();
    }

    private static void AssertUplinkIsBalanced(ReceiveBed bed, long written)
    {
        UciCounters counters = bed.Node.Counters;
        Assert.Equal(written, counters.QueuedBytes);
        Assert.Equal(counters.QueuedBytes, counters.CompletedBytes + counters.FailedBytes + counters.DroppedBytes + counters.OutstandingBytes);
        Assert.Equal(counters.QueuedBuffers, counters.CompletedBuffers + counters.FailedBuffers + counters.DroppedBuffers + counters.OutstandingBuffers);
    }
}
