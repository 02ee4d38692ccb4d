using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section D: what a write reports, and when it ends.</summary>
public class WriteResultTests
{
    private const int M = DefBed.M;

    public static TheoryData<string, bool> Causes => DefCause.AllWithForms;

    public static TheoryData<string, bool> LastingCauses => DefCause.LastingWithForms;

    [Theory]
    [MemberData(nameof(Causes))]
    [UciClause(64, "The result is the number of bytes queued, in whole packets; less than asked for only if something stopped the write.")]
    public void UCI_064_WhatStopsAWriteLeavesWholePackets(string name, bool isAsync)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(name, bed);
        UciHandle handle = bed.Open();
        _ = bed.Open();
        Task<int> writing = cause.Write(handle, DefBed.Bytes(8 * M), isAsync);
        bed.Until(() => bed.Flags() == "CCE");
        _ = bed.Device.CompletePackets(DefBed.Up);

        // The time may be over before the second packet; nothing else happens by itself.
        bed.Until(() => bed.Flags() == "CCECCE" || (writing.IsCompleted && name == DefCause.Time));
        cause.Happen();
        int count = bed.Result(writing);
        bed.Pump();
        Assert.Equal(bed.Counters.QueuedBytes, count);
        Assert.Equal(count == 3 * M ? "CCE" : "CCECCE", bed.Flags());
    }

    [Fact]
    [UciClause(64, "A non-blocking write that stops early has queued whole packets, and says how many bytes.")]
    public void UCI_064_ANonBlockingWriteReportsWhatItQueued()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open(nonBlocking: true);
        Assert.Equal(3 * M, handle.Write(DefBed.Bytes(8 * M)));
        bed.Pump();
        Assert.Equal("CCE", bed.Flags());
    }

    [Theory]
    [MemberData(nameof(LastingCauses))]
    [UciClause(65, "What stopped a partly done write is not raised by that call; if it lasts, the next call raises it.")]
    public void UCI_065_TheNextCallRaisesWhatLasts(string name, bool isAsync)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(name, bed);
        UciHandle handle = bed.Open();
        Task<int> writing = cause.Write(handle, DefBed.Bytes(9 * M), isAsync);
        bed.Until(() => bed.Flags() == "CCE");
        cause.Happen();
        Assert.Equal(3 * M, bed.Result(writing));
        cause.AssertFailure(cause.Write(handle, DefBed.Bytes(1), isAsync));
        cause.AssertFailure(cause.Write(handle, DefBed.Bytes(2 * M), isAsync));
    }

    [Theory]
    [MemberData(nameof(Causes))]
    [UciClause(66, "An error before the first packet is raised and leaves the ring as it was.")]
    [UciClause(70, "A blocked write ends soon after room, removal, reset, cancellation, time-out or close.")]
    public void UCI_066_AnErrorBeforeTheFirstPacketIsRaised(string name, bool isAsync)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(name, bed);
        UciHandle handle = bed.Open();
        _ = bed.Open();
        bed.Fill(handle, free: 1);
        int doorbells = bed.Device.Doorbells.Length;
        Task<int> writing = cause.Write(handle, DefBed.Bytes(3 * M), isAsync);
        bed.Until(() => writing.IsCompleted || bed.Counters.Waiters == 1);
        long start = Stopwatch.GetTimestamp();
        cause.Happen();
        cause.AssertFailure(writing);
        Assert.True(Stopwatch.GetElapsedTime(start) < UciBed.Soon);
        bed.Pump();
        Assert.Equal("EE", bed.Flags());
        Assert.Equal(doorbells, bed.Device.Doorbells.Length);
        Assert.Equal(2, bed.Counters.QueuedBuffers);
        Assert.Equal(0, bed.Counters.Waiters);
    }

    [Fact]
    [UciClause(66, "A write that is refused at once leaves the ring as it was.")]
    public void UCI_066_ARefusedWriteLeavesTheRing()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open(nonBlocking: true);
        UciHandle reader = bed.Open(UciAccess.Read);
        Assert.Equal(UciErrno.BadHandle, Assert.Throws<UciNotSupportedException>(() => reader.Write([1])).ErrorCode);
        Assert.Equal(UciErrno.MessageSize, Assert.Throws<UciMessageTooLongException>(() => handle.WriteMessage(new byte[(3 * M) + 1])).ErrorCode);
        Assert.Equal(UciErrno.Canceled, Assert.Throws<UciCanceledException>(() => handle.Write([1], cancellationToken: new CancellationToken(true))).ErrorCode);
        bed.Pump();
        Assert.Equal("", bed.Flags());
        bed.Fill(handle);
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => handle.Write([1])).ErrorCode);
        bed.Pump();
        Assert.Equal("EEE", bed.Flags());
        Assert.Equal(3, bed.Counters.QueuedBuffers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(70, "A blocked write goes on as soon as there is room.")]
    public void UCI_070_RoomEndsABlockedWrite(bool isAsync)
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        for (int i = 0; i < 1000; i++)
        {
            Task<int> writing = isAsync ? handle.WriteAsync(new byte[1]).AsTask() : Task.Run(() => handle.Write([1]));
            bed.Until(() => writing.IsCompleted || bed.Counters.Waiters == 1);
            Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
            Assert.Equal(1, bed.Soon(writing));
            bed.Until(() => bed.Device.Outstanding(DefBed.Up).Length == 3);
        }
    }

    [Fact]
    [UciClause(71, "A non-blocking write that cannot queue its first packet says WouldBlock and queues nothing; else it returns what it queued.")]
    public void UCI_071_NonBlockingWrites()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open(nonBlocking: true);
        byte[] data = DefBed.Bytes(5 * M);
        Assert.Equal(3 * M, handle.Write(data));
        bed.Pump();
        Assert.Equal("CCE", bed.Flags());
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => handle.Write(data)).ErrorCode);
        Assert.Equal(UciErrno.WouldBlock, bed.Failure<UciIOException>(handle.WriteAsync(data).AsTask()).ErrorCode);
        Assert.Equal(new UciSendResult(0, 0, UciStatus.WouldBlock), handle.Send(data));
        Assert.Equal(new UciSendResult(0, 0, UciStatus.WouldBlock), bed.Result(handle.SendAsync(data).AsTask()));
        Assert.Equal(UciStatus.WouldBlock, handle.TrySend(data, out UciSendResult result));
        Assert.Equal(0, result.Count);
        bed.Pump();
        Assert.Equal("CCE", bed.Flags());
        Assert.Equal(0, bed.Counters.Waiters);

        _ = bed.Device.CompletePackets(DefBed.Up);
        bed.Pump();
        Assert.Equal(UciStatus.Done, handle.TrySend(data, out result));
        Assert.Equal(new UciSendResult(3 * M, 1), result);
        Assert.Equal(data[..(3 * M)], bed.Device.Packets(DefBed.Up)[0]);
    }

    [Fact]
    [UciClause(71, "A handle that does not block is not delayed by one that does: it says WouldBlock although a place is free.")]
    public void UCI_071_ANonBlockingWriteBehindABlockedOne()
    {
        using var bed = DefBed.Stepped();
        UciHandle blocking = bed.Open();
        UciHandle handle = bed.Open(nonBlocking: true);
        bed.Fill(blocking, free: 1);
        Task<UciStatus> writing = bed.WaitingWriter(blocking, () => blocking.WriteMessage(new byte[3 * M]));
        Assert.Equal(UciStatus.WouldBlock, handle.TrySend([1], out _));
        Assert.Equal(UciStatus.WouldBlock, handle.TryWriteMessage([1]));
        _ = bed.Device.CompletePackets(DefBed.Up);
        Assert.Equal(UciStatus.Done, bed.Result(writing));
    }

    [Fact]
    [UciClause(70, "A write that need not wait is done however little time it is given.")]
    public void UCI_070_AWriteWithoutTimeIsTried()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.Equal(3 * M, handle.Write(new byte[3 * M], TimeSpan.Zero));
        _ = Assert.Throws<UciTimeoutException>(() => handle.Write(new byte[2 * M], TimeSpan.Zero));
        bed.Pump();
        Assert.Equal("CCE", bed.Flags());
    }
}
