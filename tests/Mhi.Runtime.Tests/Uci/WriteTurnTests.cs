using System;
using System.Buffers.Binary;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section D: several writers, and writers beside everything else.</summary>
public class WriteTurnTests
{
    private const int M = DefBed.M;
    private const int Chunk = 16;

    [Fact]
    [UciClause(72, "Calls are served in the order they came, each as a whole: packets of two calls never mix.")]
    public void UCI_072_CallsAreServedWholeAndInOrder()
    {
        using var bed = DefBed.Stepped();
        UciHandle first = bed.Open();
        UciHandle second = bed.Open();
        byte[] a = DefBed.Bytes(5 * M, seed: 1);
        byte[] b = DefBed.Bytes(5 * M, seed: 2);
        Task<int> writingA = bed.WaitingWriter(first, () => first.Write(a));
        Task<int> writingB = bed.Queued(() => second.Write(b), waiters: 2);
        Task both = Task.WhenAll(writingA, writingB);
        bed.Until(() =>
        {
            _ = bed.Device.CompletePackets(DefBed.Up);
            return both.IsCompleted;
        });
        bed.Pump();
        Assert.Equal([a[..(3 * M)], a[(3 * M)..], b[..(3 * M)], b[(3 * M)..]], bed.Device.Packets(DefBed.Up));
    }

    [Fact]
    [Trait("Category", "Slow")]
    [UciClause(72, "Messages of many writers arrive intact, and those of each in its order.")]
    public void UCI_072_MessagesOfManyWritersAreIntact()
    {
        const int Writers = 16;
        const int Messages = 100_000 / Writers;
        using var bed = DefBed.Running(new UciTableEntry("LOOPBACK", Chunk), TestProfile.Of(8));
        bed.Device.CompletesUplink = true;
        UciHandle[] handles = [.. Enumerable.Range(0, 4).Select(_ => bed.Open())];
        Task[] writing = [.. Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Messages; i++)
                {
                    byte[] message = Message(writer, i);
                    Assert.Equal(message.Length, handles[writer % handles.Length].Write(message, UciBed.Long));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        bed.Done(Task.WhenAll(writing), DefBed.Stress);
        handles[0].Flush(UciBed.Long);

        byte[][] packets = bed.Device.Packets(DefBed.Up);
        int[] next = new int[Writers];
        foreach (byte[] packet in packets)
        {
            int writer = BinaryPrimitives.ReadInt32LittleEndian(packet);
            Assert.Equal(Message(writer, next[writer]++), packet);
        }

        Assert.All(next, static count => Assert.Equal(Messages, count));
        Assert.Equal(0, bed.Counters.Waiters);
    }

    [Theory]
    [MemberData(nameof(WaysToGiveUp))]
    [UciClause(73, "A writer that waits for its turn can be cancelled or time out; the one in front does not notice.")]
    public void UCI_073_AQueuedWriterGivesUp(string name, bool isAsync)
    {
        // A time that is over before the last has come is too short: it is to leave between two others.
        var time = TimeSpan.FromMilliseconds(30);
        while (!GivesUpBetweenTwo(name, isAsync, time))
        {
            time *= 2;
        }
    }

    private static bool GivesUpBetweenTwo(string name, bool isAsync, TimeSpan time)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(name, bed, time);
        UciHandle first = bed.Open();
        UciHandle second = bed.Open();
        bed.Fill(first);
        byte[] data = DefBed.Bytes(2 * M);
        Task<int> front = bed.WaitingWriter(first, () => first.Write(data));
        Task<int> queued = cause.Write(second, new byte[1], isAsync);
        bed.Until(() => queued.IsCompleted || bed.Counters.Waiters == 2);
        bed.Settle();

        // It is in the line when the call returns.
        Task<int> last = second.WriteAsync(new byte[] { 7 }).AsTask();
        bool isBetween = bed.Counters.Waiters == 3 && !queued.IsCompleted;
        cause.Happen();
        cause.AssertFailure(queued);
        bed.Until(() => bed.Counters.Waiters == 2);
        Assert.False(front.IsCompleted);
        Assert.False(last.IsCompleted);

        _ = bed.Device.CompletePackets(DefBed.Up);
        Assert.Equal(data.Length, bed.Result(front));
        Assert.Equal(1, bed.Result(last));
        bed.Pump();
        Assert.Equal([data, [7]], bed.Device.Packets(DefBed.Up)[^2..]);
        return isBetween;
    }

    public static TheoryData<string, bool> WaysToGiveUp { get; } = new()
    {
        { DefCause.Cancellation, false },
        { DefCause.Cancellation, true },
        { DefCause.Time, false },
        { DefCause.Time, true },
    };

    [Theory]
    [InlineData(4, 1, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(2, 0, 1)]
    [InlineData(4, 0, 3)]
    [UciClause(74, "Free descriptors are counted and used in one turn: no write ever finds the ring full.")]
    public void UCI_074_NoWriteEverFindsTheRingFull(int elements, int poolDepth, int descriptors)
    {
        // With buffers as many as the ring takes, it is the ring that is full; with fewer, the pool that is empty.
        const int Writers = 4;
        const int Messages = 2500;
        var entry = new UciTableEntry("LOOPBACK", Chunk) { PoolDepth = poolDepth };
        using var bed = DefBed.Running(entry, TestProfile.Of(elements));
        bed.Device.CompletesUplink = true;
        UciHandle handle = bed.Open();
        Assert.Equal(descriptors * Chunk, handle.MaxMessageLength);
        Task[] writing = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            byte[] message = new byte[3 * Chunk];
            for (int i = 0; i < Messages; i++)
            {
                // In turn: two that block, two that await; one, two or three descriptors.
                int length = ((i % 3) + 1) * Chunk;
                int count = writer % 2 == 0
                    ? handle.Write(message.AsSpan(0, length), UciBed.Long)
                    : await handle.WriteAsync(message.AsMemory(0, length), UciBed.Long);
                Assert.Equal(length, count);
            }
        }))];
        bed.Done(Task.WhenAll(writing), DefBed.Stress);
        handle.Flush(UciBed.Long);
        UciCounters counters = bed.Counters;
        Assert.Equal(counters.QueuedBuffers, counters.CompletedBuffers);
        Assert.Equal(Enumerable.Range(0, Messages).Sum(static i => ((i % 3) + 1) * Chunk) * Writers, counters.CompletedBytes);
    }

    [Fact]
    [UciClause(76, "Writing and reading do not wait for each other: a write far larger than both rings comes back while it is under way.")]
    public async Task UCI_076_ALargeWriteAndItsEcho()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] data = DefBed.Bytes(1 << 20);
        var reading = Task.Run(() =>
        {
            byte[] echo = new byte[data.Length];
            for (int count = 0; count < echo.Length;)
            {
                count += handle.Read(echo.AsSpan(count), UciBed.Long);
            }

            return echo;
        });
        Assert.Equal(data.Length, handle.Write(data, UciBed.Long));
        Assert.Equal(data, await reading);
    }

    [Fact]
    [UciClause(76, "A blocked reader delays no write; a blocked writer delays no read, poll, open, close or removal.")]
    public void UCI_076_NothingWaitsForABlockedWriterOrReader()
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        Task<int> reading = bed.WaitingReader(handle, () => handle.Read(new byte[1]));
        bed.Soon(() => handle.Write([1]));
        bed.Fill(handle);
        Task<int> writing = bed.WaitingWriter(handle, () => handle.Write([2]));

        bed.Until(() => bed.Device.Deliver(DefBed.Down, [5]));
        Assert.Equal(1, bed.Soon(reading));
        bed.Until(() => bed.Device.Deliver(DefBed.Down, [6, 7]));
        bed.Soon(() => Assert.Equal(UciPollEvents.In, handle.Poll(UciPollEvents.In)));
        bed.Soon(() => Assert.Equal(2, handle.Read(new byte[9])));
        bed.Soon(() => Assert.Equal(UciPollEvents.None, handle.Poll()));
        bed.Soon(() =>
        {
            using UciHandle other = bed.Node.Open();
            Assert.Equal(2, bed.Counters.OpenHandles);
        });
        Assert.Equal(1, bed.Counters.OpenHandles);
        Assert.False(writing.IsCompleted);
        bed.Soon(() => bed.Host.Remove(bed.Controller));
        _ = bed.Failure<UciDeviceRemovedException>(writing);
    }

    // Writer, number, and bytes that follow from both, over one to three descriptors.
    private static byte[] Message(int writer, int number)
    {
        byte[] message = DefBed.Bytes(8 + (((writer * 7) + number) % (3 * Chunk - 8)), (writer << 20) + number);
        BinaryPrimitives.WriteInt32LittleEndian(message, writer);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), number);
        return message;
    }
}
