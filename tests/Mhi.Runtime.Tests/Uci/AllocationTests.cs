using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>
/// Every member of a handle's data path, again and again after a warm-up: not one managed byte, on any thread. Host and device
/// have threads of their own, so what has to wait really waits.
/// </summary>
[Collection("alone")]
public class AllocationTests
{
    private const int WarmUp = 300;
    private const int Rounds = 20;
    private const int Windows = 150;

    // A device that holds has taken one packet, and three are in the ring.
    private const int HeldPackets = 4;

    private static readonly TimeSpan s_limit = UciBed.Long;

    [Fact]
    public void Measurement_SeesAnAllocationOfAnotherThread()
    {
        using var go = new SemaphoreSlim(0);
        using var done = new SemaphoreSlim(0);
        object? sink = null;
        bool stops = false;
        var other = new Thread(() =>
        {
            for (go.Wait(); !Volatile.Read(ref stops); go.Wait())
            {
                Volatile.Write(ref sink, new byte[1000]);
                _ = done.Release();
            }
        });
        other.Start();
        Assert.InRange(FewestBytes(() =>
        {
            _ = go.Release();
            done.Wait();
        }), Rounds * 1000, long.MaxValue);
        Assert.NotNull(sink);
        Volatile.Write(ref stops, true);
        _ = go.Release();
        other.Join();
    }

    [Fact]
    public void OperationsThatNeedNotWait()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] data = new byte[100];
        byte[] buffer = new byte[4096];
        AssertNothingAllocated(() =>
        {
            _ = handle.Write(data, s_limit);
            UntilReadable(handle);
            _ = handle.Read(buffer, s_limit);
            _ = handle.TrySend(data, out _);
            UntilReadable(handle);
            _ = handle.TryRead(buffer, out _);
            _ = handle.Send(data, s_limit);
            UntilReadable(handle);
            _ = handle.Receive(buffer, s_limit);
            _ = handle.WriteMessage(data, s_limit);
            UntilReadable(handle);
            _ = handle.TryReceive(buffer, out _);
            _ = handle.TryWriteMessage(data);
            UntilReadable(handle);
            handle.Flush(s_limit);
            _ = handle.Poll(UciPollEvents.In, s_limit);
            ExpectAtOnce(handle.ReadAsync(buffer));
            ExpectAtOnce(handle.WriteAsync(data));
            UntilReadable(handle);
            ExpectAtOnce(handle.ReceiveAsync(buffer));
            ExpectAtOnce(handle.SendAsync(data));
            UntilReadable(handle);
            _ = handle.Read(buffer, s_limit);
            ExpectAtOnce(handle.WriteMessageAsync(data));
            UntilReadable(handle);
            ExpectAtOnce(handle.PollAsync(UciPollEvents.In));
            _ = handle.Read(buffer, s_limit);
            _ = handle.TryRead(buffer, out _);
            _ = handle.Node.Counters;
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void PendingReads(int readers)
    {
        using var bed = new UciBed(elements: 8);
        using UciHandle handle = bed.Open();
        using UciHandle other = bed.Open();
        using var canceller = new CancellationTokenSource();
        byte[] data = new byte[100];
        byte[][] buffers = [.. Enumerable.Range(0, readers).Select(static _ => new byte[100])];
        var reads = new ValueTask<int>[readers];
        AssertNothingAllocated(() =>
        {
            for (int i = 0; i < readers; i++)
            {
                Keep(ref reads[i], (i % 2 == 0 ? handle : other).ReadAsync(buffers[i], s_limit, canceller.Token));
                Expect(!reads[i].IsCompleted);
            }

            for (int i = 0; i < readers; i++)
            {
                _ = handle.Write(data, s_limit);
            }

            for (int i = 0; i < readers; i++)
            {
                Finish(reads[i]);
            }
        });
    }

    [Fact]
    public void PendingReceivePollAndChange()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] data = new byte[100];
        byte[] buffer = new byte[100];
        AssertNothingAllocated(() =>
        {
            ValueTask<UciPollEvents> polling = handle.PollAsync(UciPollEvents.In, s_limit);
            ValueTask<UciPollEvents> changing = handle.NextChangeAsync(UciPollEvents.In);
            _ = handle.Write(data, s_limit);
            Finish(polling);
            Finish(changing);
            _ = handle.Read(buffer, s_limit);
            ValueTask<UciReceiveResult> receiving = handle.ReceiveAsync(buffer, s_limit);
            _ = handle.Write(data, s_limit);
            Finish(receiving);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void PendingWritesAndFlush(int writers)
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        using UciHandle other = bed.Open();
        byte[] data = new byte[100];
        byte[] buffer = new byte[100];
        var writes = new ValueTask<int>[writers];
        AssertNothingAllocated(() =>
        {
            bed.Device.Holds = true;
            int packets = 0;
            while (packets < HeldPackets)
            {
                packets += handle.TrySend(data, out _) == UciStatus.Done ? 1 : 0;
            }

            packets += writers;

            for (int i = 0; i < writers; i++)
            {
                Keep(ref writes[i], (i % 2 == 0 ? handle : other).WriteAsync(data, s_limit));
                Expect(!writes[i].IsCompleted);
            }

            ValueTask flushing = handle.FlushAsync(s_limit);
            Expect(!flushing.IsCompleted);
            bed.Device.Holds = false;
            for (; packets > 0; packets--)
            {
                _ = handle.Read(buffer, s_limit);
            }

            for (int i = 0; i < writers; i++)
            {
                Finish(writes[i]);
            }

            while (!flushing.IsCompleted)
            {
                _ = Thread.Yield();
            }

            flushing.GetAwaiter().GetResult();
            handle.Flush(s_limit);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void BlockedReads(int readers)
    {
        using var bed = new UciBed(elements: 8);
        using UciHandle handle = bed.Open();
        byte[] data = new byte[100];
        int read = 0;
        using var stop = new CancellationTokenSource();
        Thread[] threads = Start(readers, () =>
        {
            byte[] buffer = new byte[100];
            while (handle.Read(buffer, s_limit, stop.Token) != 0)
            {
                _ = Interlocked.Increment(ref read);
            }
        });
        UciNode node = handle.Node;
        AssertNothingAllocated(() =>
        {
            while (node.Counters.Waiters != readers)
            {
                _ = Thread.Yield();
            }

            int goal = Volatile.Read(ref read) + readers;
            for (int i = 0; i < readers; i++)
            {
                _ = handle.Write(data, s_limit);
            }

            while (Volatile.Read(ref read) != goal)
            {
                _ = Thread.Yield();
            }
        });
        stop.Cancel();
        Array.ForEach(threads, static thread => thread.Join());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void BlockedWritesPollsAndFlushes(int writers)
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] buffer = new byte[100];
        int written = 0;
        using var stop = new CancellationTokenSource();
        Thread[] threads = Start(writers, () =>
        {
            byte[] data = new byte[100];
            while (true)
            {
                _ = handle.Write(data, s_limit, stop.Token);
                _ = Interlocked.Increment(ref written);
                handle.Flush(s_limit, stop.Token);
                _ = handle.Poll(UciPollEvents.Out, s_limit, stop.Token);
            }
        });
        AssertNothingAllocated(() =>
        {
            // The device stalls as soon as its answers are not read: writers block, and then go on.
            int goal = Volatile.Read(ref written) + (4 * writers);
            while (Volatile.Read(ref written) < goal)
            {
                _ = handle.Read(buffer, s_limit);
            }
        });
        stop.Cancel();
        while (Array.Exists(threads, static thread => thread.IsAlive))
        {
            _ = handle.TryRead(buffer, out _);
        }
    }

    private static Thread[] Start(int count, Action work)
    {
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(_ => new Thread(() =>
            {
                try
                {
                    work();
                }
                catch (UciCanceledException)
                {
                    // The end of the test.
                }
            })),
        ];
        Array.ForEach(threads, static thread => thread.Start());
        return threads;
    }

    private static void UntilReadable(UciHandle handle)
    {
        while ((handle.Poll() & UciPollEvents.In) == 0)
        {
            _ = Thread.Yield();
        }
    }

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            Assert.Fail("the operation should have waited");
        }
    }

    private static void Keep<T>(ref ValueTask<T> place, ValueTask<T> task) => place = task;

    private static void ExpectAtOnce<T>(ValueTask<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Assert.Fail("the operation should have completed at once");
        }

        _ = task.GetAwaiter().GetResult();
    }

    private static void Finish<T>(ValueTask<T> task)
    {
        while (!task.IsCompleted)
        {
            _ = Thread.Yield();
        }

        _ = task.GetAwaiter().GetResult();
    }

    private static void AssertNothingAllocated(Action round) => Assert.Equal(0, FewestBytes(round));

    // The fewest of several windows, of the whole process: the runtime and the test platform allocate a little now and then;
    // what an operation allocates is in every window.
    private static long FewestBytes(Action round)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            round();
        }

        long fewest = long.MaxValue;
        for (int window = 0; window < Windows && fewest != 0; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Rounds; i++)
            {
                round();
            }

            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return fewest;
    }
}
