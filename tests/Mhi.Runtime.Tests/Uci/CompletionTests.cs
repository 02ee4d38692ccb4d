using System;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>What receive completions of every kind become.</summary>
public class CompletionTests
{
    private const string OutOfOrder = "One that names a posted buffer other than the next takes the channel down: the order of the ring is lost then, and every later completion would be credited to a wrong buffer. One that names no element of the ring does so too: whatever wrote or translated such an address is at fault, and the transfer that it was meant for would stay outstanding for ever, and nobody be told. The failure names ring and address.";

    private static readonly UciTableEntry s_v6 = new("LOOPBACK", 0x1000) { V6ReceiveSize = true };

    [Fact]
    [UciClause(93, "Normal completions are delivered in completion order and wake readers and pollers.")]
    public void UCI_093_PacketsArriveInOrderAndWake()
    {
        using var bed = new ReceiveBed(elements: 8);
        using UciHandle poller = bed.Open();
        Task<int> polls = bed.Block(() =>
        {
            byte[] packet = new byte[8];
            int count = 0;
            for (; count < 1000; count += 2)
            {
                if (poller.Poll(UciPollEvents.In, UciBed.Long) != UciPollEvents.In || poller.Read(packet) != 4 || BitConverter.ToInt32(packet) != count)
                {
                    break;
                }

                // Every other one wakes a reader.
                if (bed.Handle.Read(packet, UciBed.Long) != 4 || BitConverter.ToInt32(packet) != count + 1)
                {
                    break;
                }
            }

            return count;
        });
        for (int i = 0; i < 1000 && !polls.IsCompleted; i++)
        {
            bed.Arrive(BitConverter.GetBytes(i));
        }

        Assert.Equal(1000, ReceiveBed.Soon(polls));
    }

    [Fact]
    [UciClause(94, "An overflow completion is kept in order with EndOfMessage false and counted; the message continues in the next buffer.")]
    public void UCI_094_LongMessageComesInPieces()
    {
        using var bed = new ReceiveBed(elements: 8, s_v6);
        byte[] packet = ReceiveBed.Bytes(4096);
        byte[] back = new byte[16_384];
        bed.Arrive(packet);
        Assert.Equal(new UciReceiveResult(4064, false, false), bed.Handle.Receive(back, UciBed.Long));
        Assert.Equal(new UciReceiveResult(32, true, false), bed.Handle.Receive(back.AsSpan(4064), UciBed.Long));
        Assert.Equal(packet, back[..4096]);
        Assert.Equal(1, bed.Node.Counters.OverflowedBuffers);

        packet = ReceiveBed.Bytes(12_288);
        bed.Arrive(packet);
        for (int piece = 0; piece < 3; piece++)
        {
            Assert.Equal(new UciReceiveResult(4064, false, false), bed.Handle.Receive(back.AsSpan(piece * 4064), UciBed.Long));
        }

        Assert.Equal(new UciReceiveResult(96, true, false), bed.Handle.Receive(back.AsSpan(3 * 4064), UciBed.Long));
        Assert.Equal(packet, back[..12_288]);
        Assert.Equal(4, bed.Node.Counters.OverflowedBuffers);
        bed.AssertEveryBufferIsAccountedFor();
    }

    [Fact]
    [UciClause(95, "An empty completion that follows an overflow piece closes that message.")]
    public void UCI_095_EmptyCompletionEndsAMessageInPieces()
    {
        using var bed = new ReceiveBed(elements: 8);
        byte[] buffer = new byte[100];
        UciHandle handle = bed.Handle;

        // The piece is unread.
        bed.ArrivePiece(ReceiveBed.Bytes(50), CompletionCode.Overflow);
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        bed.UntilPending(2);
        Assert.Equal(new UciReceiveResult(20, false, false), handle.Receive(buffer.AsSpan(0, 20)));
        Assert.Equal(new UciReceiveResult(30, true, false), handle.Receive(buffer));
        Assert.Equal(UciPollEvents.None, handle.Poll() & UciPollEvents.In);
        bed.AssertEveryBufferIsAccountedFor();

        // The piece is read already.
        bed.ArrivePiece(ReceiveBed.Bytes(50), CompletionCode.Overflow);
        Assert.Equal(new UciReceiveResult(50, false, false), handle.Receive(buffer, UciBed.Long));
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        Assert.Equal(UciPollEvents.In, handle.Poll(UciPollEvents.In, UciBed.Soon));
        Assert.Equal(new UciReceiveResult(0, true, false), handle.Receive(buffer));
        Assert.Equal(UciPollEvents.None, handle.Poll() & UciPollEvents.In);

        // Reads of bytes skip it.
        bed.ArrivePiece(ReceiveBed.Bytes(50), CompletionCode.Overflow);
        Assert.Equal(50, handle.Read(buffer, UciBed.Long));
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        bed.Arrive(ReceiveBed.Bytes(5));
        bed.UntilPending(2);
        Assert.Equal(5, handle.Read(buffer));
        bed.AssertEveryBufferIsAccountedFor();
    }

    [Fact]
    [UciClause(95, "An empty completion that follows an overflow piece closes that message.")]
    public void UCI_095_ReadOfTheLastBytesLeavesNoEndBehind()
    {
        using var bed = new ReceiveBed(elements: 8);
        byte[] buffer = new byte[100];
        bed.ArrivePiece(ReceiveBed.Bytes(50), CompletionCode.Overflow);
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        bed.UntilPending(2);
        Assert.Equal(50, bed.Handle.Read(buffer));
        Assert.Equal(UciPollEvents.None, bed.Handle.Poll() & UciPollEvents.In);
        bed.AssertEveryBufferIsAccountedFor();
    }

    [Theory]
    [InlineData(CompletionCode.UndefinedError)]
    [InlineData(CompletionCode.BadElement)]
    [InlineData((CompletionCode)0x00)]
    [InlineData((CompletionCode)0x01)]
    [InlineData((CompletionCode)0x7f)]
    [InlineData((CompletionCode)0xff)]
    [UciClause(98, "Any other error completion delivers nothing, is counted, and its buffer is posted again; a message it interrupts ends there, marked Truncated.")]
    public void UCI_098_FailedCompletionsDeliverNothing(CompletionCode code)
    {
        using var bed = new ReceiveBed();
        byte[] buffer = new byte[100];
        for (int i = 0; i < 100; i++)
        {
            bed.ArrivePiece(ReceiveBed.Bytes(40), code);
        }

        bed.Arrive(ReceiveBed.Bytes(10));
        Assert.Equal(new UciReceiveResult(10, true, false), bed.Handle.Receive(buffer, UciBed.Long));
        Assert.Equal(ReceiveBed.Bytes(10), buffer[..10]);
        Assert.Equal(100, bed.Node.Counters.FailedReceives);
        Assert.Equal(10, bed.Node.Counters.ReceivedBytes);
        bed.AssertEveryBufferIsAccountedFor();

        // It interrupts a message that nobody has begun to read, and one that was read so far.
        bed.ArrivePiece(ReceiveBed.Bytes(30), CompletionCode.Overflow);
        bed.ArrivePiece([], code);
        bed.UntilPending(2);
        Assert.Equal(new UciReceiveResult(30, true, true), bed.Handle.Receive(buffer));
        bed.ArrivePiece(ReceiveBed.Bytes(30), CompletionCode.Overflow);
        Assert.Equal(new UciReceiveResult(30, false, false), bed.Handle.Receive(buffer, UciBed.Long));
        bed.ArrivePiece([], code);
        Assert.Equal(new UciReceiveResult(0, true, true), bed.Handle.Receive(buffer, UciBed.Long));
        bed.Arrive(ReceiveBed.Bytes(10));
        Assert.Equal(new UciReceiveResult(10, true, false), bed.Handle.Receive(buffer, UciBed.Long));
        bed.AssertEveryBufferIsAccountedFor();
    }

    [Fact]
    [UciClause(99, "A normal completion reporting more than R is clamped to R and marked Truncated; no byte beyond the reported length ever reaches a caller.")]
    public void UCI_099_ReportedLengthIsAnUpperBoundAndCheckedAgainstTheBuffer()
    {
        using var bed = new ReceiveBed(elements: 2);
        byte[] buffer = new byte[8192];
        byte[] packet = ReceiveBed.Bytes(4096);
        bed.ArrivePiece(packet, CompletionCode.EndOfTransfer, 4097);
        Assert.Equal(new UciReceiveResult(4096, true, true), bed.Handle.Receive(buffer, UciBed.Long));
        Assert.Equal(packet, buffer[..4096]);
        Assert.Equal(1, bed.Node.Counters.TruncatedBuffers);
        bed.ArrivePiece(packet, CompletionCode.EndOfTransfer, ushort.MaxValue);
        Assert.Equal(4096, bed.Handle.Read(buffer, UciBed.Long));

        // There is one buffer: what it held before is still in it.
        buffer.AsSpan().Fill(0xee);
        bed.ArrivePiece(packet.AsSpan(0, 4000), CompletionCode.EndOfTransfer, 10);
        Assert.Equal(10, bed.Handle.Read(buffer, UciBed.Long));
        Assert.Equal(packet[..10], buffer[..10]);
        Assert.All(buffer[10..], static value => Assert.Equal(0xee, value));
        bed.AssertEveryBufferIsAccountedFor();
    }

    [Fact]
    [UciClause(100, "A completion for an unknown buffer, a second one for the same buffer, or one after stop is counted and ignored.",
        Departure = OutOfOrder)]
    public void UCI_100_CompletionOfNothingOutstandingIsCountedAndIgnored()
    {
        using var bed = new ReceiveBed();
        bed.Device.Echoes = true;
        byte[] buffer = new byte[100];
        bed.Arrive(ReceiveBed.Bytes(10));
        Assert.Equal(10, bed.Handle.Read(buffer, UciBed.Long));

        // A second time, and for a channel that nobody has opened.
        bed.Device.DuplicateCompletion();
        ReceiveBed.Soon(() => bed.Node.Counters.IgnoredCompletions == 1);
        bed.Device.PostEvent(0, RingElement.TransferEvent(0x10, CompletionCode.EndOfTransfer, 1, 40));
        ReceiveBed.Soon(() => bed.Node.Counters.IgnoredCompletions == 2);
        Assert.Equal(UciStatus.WouldBlock, bed.Handle.TryRead(buffer, out _));
        Assert.Equal(7, bed.Handle.Write(buffer.AsSpan(0, 7)));
        Assert.Equal(7, bed.Handle.Read(buffer, UciBed.Long));
        bed.Handle.Flush(UciBed.Long);
        bed.AssertEveryBufferIsAccountedFor();

        // After stop.
        ulong element = bed.Device.Outstanding(ReceiveBed.Down)[0].Address;
        bed.Close(bed.Handle);
        bed.Device.PostEvent(0, RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, ReceiveBed.Down));
        bed.Device.PostEvent(0, RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, ReceiveBed.Up));
        ReceiveBed.Soon(() => bed.Node.Counters.IgnoredCompletions == 4);
        Assert.Equal(bed.RegionsWhenClosed, bed.Device.LiveRegions);
        using UciHandle again = bed.Open();
        Assert.Equal(9, again.Write(buffer.AsSpan(0, 9)));
        Assert.Equal(9, again.Read(buffer, UciBed.Long));
    }

    [Fact]
    [UciClause(100, "A completion for an unknown buffer, a second one for the same buffer, or one after stop is counted and ignored.",
        Departure = OutOfOrder)]
    public void UCI_100_CompletionOutOfOrderTakesTheChannelDown()
    {
        using var bed = new ReceiveBed();
        bed.AssertEveryBufferIsAccountedFor();
        ReceiveBed.Until(() => bed.Device.Outstanding(ReceiveBed.Down).Length == 3);
        ulong address = bed.Device.Outstanding(ReceiveBed.Down)[1].Address;
        bed.Device.Complete(ReceiveBed.Down, 1);
        AssertDown(bed, "downlink", address);
    }

    [Theory]
    [InlineData(ReceiveBed.Up, "uplink")]
    [InlineData(ReceiveBed.Down, "downlink")]
    [UciClause(100, "A completion for an unknown buffer, a second one for the same buffer, or one after stop is counted and ignored.",
        Departure = OutOfOrder)]
    public void UCI_100_CompletionOutsideTheRingTakesTheChannelDown(byte channel, string direction)
    {
        // Before the ring, behind it, and between two of its elements; with a transfer outstanding in either direction.
        foreach (long distance in new long[] { -RingElement.Length, 4 * RingElement.Length, 8 })
        {
            using var bed = new ReceiveBed();
            Assert.Equal(1, bed.Handle.Write([1]));
            ReceiveBed.Until(() => bed.Device.Outstanding(ReceiveBed.Down).Length == 3 && bed.Device.Outstanding(ReceiveBed.Up).Length == 1);
            ulong address = bed.Device.Outstanding(channel)[0].Address + (ulong)distance;
            bed.Device.PostEvent(0, RingElement.TransferEvent(address, CompletionCode.EndOfTransfer, 1, channel));
            AssertDown(bed, direction, address);
            Assert.Equal(0, bed.Node.Counters.IgnoredCompletions);
        }
    }

    // Ring and address are named to whoever reads or writes, and the channel's memory is not leaked.
    private static void AssertDown(ReceiveBed bed, string direction, ulong address)
    {
        string[] failures =
        [
            Assert.Throws<UciChannelDownException>(() => bed.Handle.Read(new byte[10], UciBed.Soon)).Message,
            Assert.Throws<UciChannelDownException>(() => bed.Handle.Write([1], UciBed.Soon)).Message,
        ];
        Assert.All(failures, failure =>
        {
            Assert.Contains($"0x{address:x}", failure, StringComparison.Ordinal);
            Assert.Contains($"LOOPBACK, {direction}", failure, StringComparison.Ordinal);
        });
        bed.Close(bed.Handle);
        Assert.Equal(bed.RegionsWhenClosed, bed.Device.LiveRegions);
    }
}
