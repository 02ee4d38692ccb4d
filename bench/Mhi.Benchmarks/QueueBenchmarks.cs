using BenchmarkDotNet.Attributes;
using Mhi.Benchmarks.Queues;
using Mhi.Interop.Threading;

namespace Mhi.Benchmarks;

/// <summary>An element of 8 bytes in and out of a queue by one thread, 32 at a time: the cost of the code alone.</summary>
public class QueueBenchmarks
{
    private const int Elements = 1 << 12;
    private const int Burst = 32;
    private const int Capacity = 64;

    private readonly HandoffElementQueue _handoff = new(Capacity);
    private readonly ChannelElementQueue _channel = new(Capacity);
    private readonly ConcurrentElementQueue _concurrent = new();
    private readonly HandoffRing<ulong> _bulk = new(Capacity);
    private readonly ulong[] _pushed = new ulong[Burst];
    private readonly ulong[] _popped = new ulong[Burst];

    [Benchmark(Baseline = true, OperationsPerInvoke = Elements)]
    public ulong Handoff() => Run(_handoff);

    [Benchmark(OperationsPerInvoke = Elements)]
    public int HandoffBulk()
    {
        int count = 0;
        for (int i = 0; i < Elements; i += Burst)
        {
            count += _bulk.PushMany(_pushed);
            count += _bulk.PopMany(_popped);
        }

        return count;
    }

    [Benchmark(OperationsPerInvoke = Elements)]
    public ulong BoundedChannel() => Run(_channel);

    [Benchmark(OperationsPerInvoke = Elements)]
    public ulong ConcurrentQueue() => Run(_concurrent);

    private static ulong Run<TQueue>(TQueue queue)
        where TQueue : struct, IElementQueue
    {
        ulong sum = 0;
        for (int i = 0; i < Elements; i += Burst)
        {
            for (int n = 0; n < Burst; n++)
            {
                _ = queue.TryPush((ulong)(i + n));
            }

            for (int n = 0; n < Burst; n++)
            {
                _ = queue.TryPop(out ulong item);
                sum += item;
            }
        }

        return sum;
    }
}
