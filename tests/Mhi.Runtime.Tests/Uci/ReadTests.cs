using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>What a read returns and what it leaves.</summary>
public class ReadTests
{
    [Fact]
    [UciClause(40, "A read returns the lesser of what is asked for and what is left of the oldest unread buffer, bytes in order.")]
    public void UCI_040_ReadReturnsWhatTheOldestBufferHas()
    {
        using var bed = new ReceiveBed();
        byte[] packet = ReceiveBed.Bytes(1000);
        bed.Arrive(packet);
        byte[] buffer = new byte[4096];
        Assert.Equal(1000, bed.Handle.Read(buffer, UciBed.Long));
        Assert.Equal(packet, buffer[..1000]);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 7, 7)]
    [InlineData(1, 7, 4096)]
    [InlineData(4096, 1, 1)]
    [UciClause(41, "A short read keeps the rest; further reads return it without loss or repetition.")]
    public void UCI_041_ShortReadsTogetherReturnThePacket(int first, int second, int third)
    {
        using var bed = new ReceiveBed();
        byte[] packet = ReceiveBed.Bytes(4064);
        bed.Arrive(packet);
        int[] lengths = [first, second, third];
        var read = new List<byte>();
        byte[] buffer = new byte[4096];
        for (int i = 0; read.Count < packet.Length; i++)
        {
            int length = lengths[i % lengths.Length];
            int count = bed.Handle.Read(buffer.AsSpan(0, length), UciBed.Long);
            Assert.Equal(Math.Min(length, packet.Length - read.Count), count);
            read.AddRange(buffer[..count]);
        }

        Assert.Equal(packet, read);
        Assert.Equal(UciStatus.WouldBlock, bed.Handle.TryRead(buffer, out _));
    }

    [Fact]
    [UciClause(42, "A read never crosses from one buffer into the next.")]
    public void UCI_042_ReadStopsAtTheEndOfABuffer()
    {
        using var bed = new ReceiveBed();
        bed.Arrive(ReceiveBed.Bytes(10, 1), ReceiveBed.Bytes(20, 2));
        bed.UntilPending(2);
        byte[] buffer = new byte[100];
        Assert.Equal(10, bed.Handle.Read(buffer));
        Assert.Equal(ReceiveBed.Bytes(10, 1), buffer[..10]);
        Assert.Equal(20, bed.Handle.Read(buffer));
        Assert.Equal(ReceiveBed.Bytes(20, 2), buffer[..20]);
    }

    [Fact]
    [UciClause(43, "Receive reports the count, whether the last byte of a message was returned, and whether that message lost bytes.")]
    public void UCI_043_ReceiveReportsEndAndTruncation()
    {
        using var bed = new ReceiveBed();
        bed.Arrive(ReceiveBed.Bytes(100));
        byte[] buffer = new byte[60];
        Assert.Equal(new UciReceiveResult(60, false, false), bed.Handle.Receive(buffer, UciBed.Long));
        Assert.Equal(new UciReceiveResult(40, true, false), bed.Handle.Receive(buffer, UciBed.Long));

        // With its end a message also tells that it came in damaged, whatever pieces it is read in.
        bed.ArrivePiece(ReceiveBed.Bytes(4096), CompletionCode.EndOfTransfer, 4097);
        byte[] rest = new byte[4096];
        Assert.Equal(new UciReceiveResult(60, false, false), bed.Handle.Receive(buffer, UciBed.Long));
        Assert.Equal(new UciReceiveResult(4036, true, true), bed.Handle.Receive(rest, UciBed.Long));
    }

    [Fact]
    [UciClause(45, "A non-blocking read without data reports WouldBlock (EAGAIN) and changes nothing.")]
    public void UCI_045_NonBlockingReadWithoutDataChangesNothing()
    {
        using var bed = new ReceiveBed();
        UciHandle handle = bed.Handle;
        byte[] buffer = new byte[10];
        bed.AssertEveryBufferIsAccountedFor();
        UciCounters before = bed.Node.Counters;
        UciPollEvents mask = handle.Poll();
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(buffer, out int count));
        Assert.Equal(0, count);
        Assert.Equal(UciStatus.WouldBlock, handle.TryReceive(buffer, out UciReceiveResult result));
        Assert.Equal(new UciReceiveResult(0, false, false, UciStatus.WouldBlock), result);
        handle.NonBlocking = true;
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => handle.Read(buffer)).ErrorCode);
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => handle.Read([])).ErrorCode);
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => ReceiveBed.Soon(handle.ReadAsync(buffer))).ErrorCode);
        Assert.Equal(UciStatus.WouldBlock, handle.Receive(buffer).Status);
        Assert.Equal(UciStatus.WouldBlock, ReceiveBed.Soon(handle.ReceiveAsync(buffer)).Status);
        Assert.Equal(before, bed.Node.Counters);
        Assert.Equal(mask, handle.Poll());
    }

    [Fact]
    [UciClause(46, "A zero-length read waits for readiness like any read, consumes nothing, returns 0.")]
    public void UCI_046_ZeroLengthReadWaitsAndConsumesNothing()
    {
        using var bed = new ReceiveBed();
        UciHandle handle = bed.Handle;
        _ = Assert.Throws<UciTimeoutException>(() => handle.Read([], TimeSpan.Zero));
        Task<int> blocked = bed.Block(() => handle.Read([], UciBed.Long));
        ValueTask<int> pending = handle.ReadAsync(Memory<byte>.Empty);
        Assert.False(blocked.IsCompleted);
        Assert.False(pending.IsCompleted);
        byte[] packet = ReceiveBed.Bytes(9);
        bed.Arrive(packet);
        Assert.Equal(0, ReceiveBed.Soon(blocked));
        Assert.Equal(0, ReceiveBed.Soon(pending));
        byte[] buffer = new byte[100];
        Assert.Equal(4, handle.Read(buffer.AsSpan(0, 4)));

        // What is left of a packet is readiness too.
        Assert.Equal(0, handle.Read([], UciBed.Long));
        Assert.Equal(5, handle.Read(buffer.AsSpan(4)));
        Assert.Equal(packet, buffer[..9]);
    }

    [Fact]
    [UciClause(47, "An empty packet is posted again at once, counted, and not returned by byte reads.")]
    public void UCI_047_EmptyPacketIsSkipped()
    {
        using var bed = new ReceiveBed();
        Task<int> blocked = bed.Block(() => bed.Handle.Read(new byte[100], UciBed.Long));
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        ReceiveBed.Until(() => bed.Node.Counters.EmptyBuffers == 1);
        bed.AssertEveryBufferIsAccountedFor();
        Assert.Equal(bed.Buffers, bed.Node.Counters.PostedBuffers);
        Assert.Equal(UciPollEvents.None, bed.Handle.Poll() & UciPollEvents.In);
        Assert.False(blocked.IsCompleted);
        bed.Arrive(ReceiveBed.Bytes(5));
        Assert.Equal(5, ReceiveBed.Soon(blocked));
        bed.AssertEveryBufferIsAccountedFor();
        Assert.Equal(1, bed.Node.Counters.EmptyBuffers);
    }

    [Fact]
    [UciClause(48, "With the node option DeliverEmptyPackets, Receive returns (0, true, false) for an empty packet and poll shows IN.")]
    public void UCI_048_EmptyPacketIsDeliveredOnRequest()
    {
        using var bed = new ReceiveBed(entry: new UciTableEntry("LOOPBACK", 0x1000) { DeliverEmptyPackets = true });
        byte[] buffer = new byte[100];
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        Assert.Equal(UciPollEvents.In, ReceiveBed.Soon(Task.Run(() => bed.Handle.Poll(UciPollEvents.In))));
        Assert.Equal(new UciReceiveResult(0, true, false), bed.Handle.Receive(buffer, UciBed.Long));
        Assert.Equal(UciPollEvents.None, bed.Handle.Poll() & UciPollEvents.In);

        // Bytes are not found in it.
        bed.ArrivePiece([], CompletionCode.EndOfTransfer);
        bed.Arrive(ReceiveBed.Bytes(5));
        bed.UntilPending(2);
        Assert.Equal(5, bed.Handle.Read(buffer));
        Assert.Equal(UciStatus.WouldBlock, bed.Handle.TryReceive(buffer, out _));
        bed.AssertEveryBufferIsAccountedFor();
        Assert.Equal(2, bed.Node.Counters.EmptyBuffers);
    }

    [Fact]
    [UciClause(49, "Bad arguments raise ArgumentNullException or ArgumentOutOfRangeException before anything else happens.",
        Departure = "The handle takes spans and memory, which cannot be null or out of range; the array forms with offset and count are the stream's, and the time-out is checked on both.")]
    public void UCI_049_BadArgumentsTouchNothing()
    {
        using var bed = new ReceiveBed();
        UciHandle handle = bed.Handle;
        byte[] buffer = new byte[16];
        bed.Arrive(ReceiveBed.Bytes(10));
        bed.UntilPending(1);
        TimeSpan negative = TimeSpan.FromSeconds(-5);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => handle.Read(buffer, negative));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => handle.Receive(buffer, negative));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Wait(handle.ReadAsync(buffer, negative)));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Wait(handle.ReceiveAsync(buffer, negative)));
        Assert.Equal(1, bed.Node.Counters.PendingBuffers);
        Assert.Equal(0, bed.Node.Counters.Waiters);
        Assert.Equal(10, handle.Read(buffer, Timeout.InfiniteTimeSpan));
        Assert.Equal(ReceiveBed.Bytes(10), buffer[..10]);
    }

    [Theory]
    [InlineData(true, 0, 1)]
    [InlineData(false, -1, 1)]
    [InlineData(false, 0, -1)]
    [InlineData(false, 10, 7)]
    [InlineData(false, 17, 0)]
    [UciClause(49, "Bad arguments raise ArgumentNullException or ArgumentOutOfRangeException before anything else happens.")]
    public void UCI_049_BadRangesTouchNothing(bool isNull, int offset, int count)
    {
        using var bed = new ReceiveBed();
        byte[] buffer = new byte[16];
        byte[] given = isNull ? null! : buffer;
        bed.Arrive(ReceiveBed.Bytes(10));
        bed.UntilPending(1);
        using var stream = new UciStream(bed.Handle);

        // The asynchronous forms too: before there is a task.
        Action[] calls =
        [
            () => _ = stream.Read(given, offset, count),
            () => _ = stream.ReadAsync(given, offset, count, CancellationToken.None),
            () => stream.Write(given, offset, count),
            () => _ = stream.WriteAsync(given, offset, count, CancellationToken.None),
        ];
        Type expected = isNull ? typeof(ArgumentNullException) : typeof(ArgumentOutOfRangeException);
        Assert.All(calls, call => Assert.Throws(expected, call));
        Assert.All(buffer, static value => Assert.Equal(0, value));
        UciCounters counters = bed.Node.Counters;
        Assert.Equal((1, 0, 0), (counters.PendingBuffers, counters.QueuedBuffers, counters.Waiters));
        Assert.Equal(10, stream.Read(buffer, 0, 16));
        Assert.Equal(ReceiveBed.Bytes(10), buffer[..10]);
    }

    [Fact]
    [UciClause(49, "Bad arguments raise ArgumentNullException or ArgumentOutOfRangeException before anything else happens.")]
    public void UCI_049_NegativeTimeoutOfAWriteQueuesNothing()
    {
        using var bed = new ReceiveBed();
        TimeSpan negative = TimeSpan.FromSeconds(-5);
        byte[] data = new byte[10];
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => bed.Handle.Write(data, negative));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => bed.Handle.Send(data, negative));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => bed.Handle.WriteMessage(data, negative));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => bed.Handle.Flush(negative));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Wait(bed.Handle.WriteAsync(data, negative)));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Wait(bed.Handle.SendAsync(data, negative)));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => Wait(bed.Handle.WriteMessageAsync(data, negative)));
        Assert.Equal(0, bed.Node.Counters.QueuedBuffers);
        Assert.Equal(10, bed.Handle.Write(data, Timeout.InfiniteTimeSpan));
        Assert.Equal(1, bed.Node.Counters.QueuedBuffers);
    }

    private static T Wait<T>(ValueTask<T> task) => ReceiveBed.Soon(task);

    [Fact]
    public void CountUnread_IsTheRestOfThisMessageAndAllBehindIt()
    {
        using var bed = new ReceiveBed();
        Assert.Equal(0, bed.Handle.CountUnread());
        bed.Arrive(ReceiveBed.Bytes(100, 1), ReceiveBed.Bytes(30, 2), ReceiveBed.Bytes(7, 3));
        bed.UntilPending(3);
        Assert.Equal(137, bed.Handle.CountUnread());
        byte[] buffer = new byte[60];
        Assert.Equal(60, bed.Handle.Read(buffer));
        Assert.Equal(77, bed.Handle.CountUnread());
        Assert.Equal(40, bed.Handle.Read(buffer));
        Assert.Equal(37, bed.Handle.CountUnread());
        bed.Handle.Dispose();
        _ = Assert.Throws<UciHandleClosedException>(() => bed.Handle.CountUnread());
    }

    [Fact]
    public async Task CountUnread_WhileAReaderWaits_IsNothing()
    {
        using var bed = new ReceiveBed();
        var reader = Task.Run(() => bed.Handle.Read(new byte[1], UciBed.Long));
        Assert.True(SpinWait.SpinUntil(() => bed.Handle.Node.Counters.Waiters == 1, UciBed.Long));
        Assert.Equal(0, bed.Handle.CountUnread());
        bed.Arrive(ReceiveBed.Bytes(1));
        Assert.Equal(1, await reader);
    }
}
