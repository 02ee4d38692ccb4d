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
        Assert.InRange(AllocationMeter.FewestBytes(() =>
        {
            _ = go.Release();
            done.Wait();
        }), AllocationMeter.Rounds * 1000, long.MaxValue);
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
        AllocationMeter.AssertNothingAllocated(() =>
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
            AllocationMeter.ExpectAtOnce(handle.ReadAsync(buffer));
            AllocationMeter.ExpectAtOnce(handle.WriteAsync(data));
            UntilReadable(handle);
            AllocationMeter.ExpectAtOnce(handle.ReceiveAsync(buffer));
            AllocationMeter.ExpectAtOnce(handle.SendAsync(data));
            UntilReadable(handle);
            _ = handle.Read(buffer, s_limit);
            AllocationMeter.ExpectAtOnce(handle.WriteMessageAsync(data));
            UntilReadable(handle);
            AllocationMeter.ExpectAtOnce(handle.PollAsync(UciPollEvents.In));
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
        AllocationMeter.AssertNothingAllocated(() =>
        {
            for (int i = 0; i < readers; i++)
            {
                AllocationMeter.Keep(ref reads[i], (i % 2 == 0 ? handle : other).ReadAsync(buffers[i], s_limit, canceller.Token));
                AllocationMeter.ExpectWaits(!reads[i].IsCompleted);
            }

            for (int i = 0; i < readers; i++)
            {
                _ = handle.Write(data, s_limit);
            }

            for (int i = 0; i < readers; i++)
            {
                AllocationMeter.Finish(reads[i]);
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
        AllocationMeter.AssertNothingAllocated(() =>
        {
            ValueTask<UciPollEvents> polling = handle.PollAsync(UciPollEvents.In, s_limit);
            ValueTask<UciPollEvents> changing = handle.NextChangeAsync(UciPollEvents.In);
            _ = handle.Write(data, s_limit);
            AllocationMeter.Finish(polling);
            AllocationMeter.Finish(changing);
            _ = handle.Read(buffer, s_limit);
            ValueTask<UciReceiveResult> receiving = handle.ReceiveAsync(buffer, s_limit);
            _ = handle.Write(data, s_limit);
            AllocationMeter.Finish(receiving);
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
        AllocationMeter.AssertNothingAllocated(() =>
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
                AllocationMeter.Keep(ref writes[i], (i % 2 == 0 ? handle : other).WriteAsync(data, s_limit));
                AllocationMeter.ExpectWaits(!writes[i].IsCompleted);
            }

            ValueTask flushing = handle.FlushAsync(s_limit);
            AllocationMeter.ExpectWaits(!flushing.IsCompleted);
            bed.Device.Holds = false;
            for (; packets > 0; packets--)
            {
                _ = handle.Read(buffer, s_limit);
            }

            for (int i = 0; i < writers; i++)
            {
                AllocationMeter.Finish(writes[i]);
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
        AllocationMeter.AssertNothingAllocated(() =>
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
        AllocationMeter.AssertNothingAllocated(() =>
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
}
