using System;
using System.Threading;
using BenchmarkDotNet.Attributes;
using Mhi.Benchmarks.Queues;
using Mhi.Interop.Threading;

namespace Mhi.Benchmarks;

/// <summary>An element of 8 bytes from one thread to another. A side that finds nothing to do yields.</summary>
public class QueueThreadedBenchmarks
{
    private const int Elements = 1 << 18;
    private const int Burst = 32;
    private const int Capacity = 1024;

    private readonly HandoffRing<ulong> _bulk = new(Capacity);
    private readonly ulong[] _pushed = new ulong[Burst];
    private readonly ulong[] _popped = new ulong[Burst];
    private HandoffElementQueue _handoff = new(Capacity);
    private ChannelElementQueue _channel = new(Capacity);
    private ConcurrentElementQueue _concurrent = new();
    private ElementProducer _producer = null!;

    [GlobalSetup(Target = nameof(Handoff))]
    public void SetUpHandoff() => _producer = ElementProducer.Create(() => Produce(_handoff));

    [GlobalSetup(Target = nameof(HandoffBulk))]
    public void SetUpBulk() => _producer = ElementProducer.Create(ProduceBulk);

    [GlobalSetup(Target = nameof(BoundedChannel))]
    public void SetUpChannel() => _producer = ElementProducer.Create(() => Produce(_channel));

    [GlobalSetup(Target = nameof(ConcurrentQueue))]
    public void SetUpConcurrent() => _producer = ElementProducer.Create(() => Produce(_concurrent));

    [GlobalCleanup]
    public void CleanUp() => _producer.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Elements)]
    public void Handoff() => Consume(_handoff);

    [Benchmark(OperationsPerInvoke = Elements)]
    public void HandoffBulk()
    {
        _producer.Begin();
        var wait = default(SpinWait);
        for (int received = 0; received < Elements;)
        {
            int count = _bulk.PopMany(_popped);
            received += count;
            if (count == 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Elements)]
    public void BoundedChannel() => Consume(_channel);

    [Benchmark(OperationsPerInvoke = Elements)]
    public void ConcurrentQueue() => Consume(_concurrent);

    private static void Produce<TQueue>(TQueue queue)
        where TQueue : struct, IElementQueue
    {
        var wait = default(SpinWait);
        for (int i = 0; i < Elements; i++)
        {
            while (!queue.TryPush((ulong)i))
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private void ProduceBulk()
    {
        var wait = default(SpinWait);
        for (int sent = 0; sent < Elements;)
        {
            int count = _bulk.PushMany(_pushed);
            sent += count;
            if (count == 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private void Consume<TQueue>(TQueue queue)
        where TQueue : struct, IElementQueue
    {
        _producer.Begin();
        ulong sum = 0;
        var wait = default(SpinWait);
        for (int received = 0; received < Elements;)
        {
            if (queue.TryPop(out ulong item))
            {
                sum += item;
                received++;
            }
            else
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        if (sum != (ulong)Elements * (Elements - 1) / 2)
        {
            throw new InvalidOperationException("What came out of the queue is not what went in.");
        }
    }
}
