using System.Collections.Concurrent;

namespace Mhi.Benchmarks.Queues;

/// <summary>Unbounded, so a push always succeeds: a producer in front of a slow consumer allocates.</summary>
public readonly struct ConcurrentElementQueue() : IElementQueue
{
    private readonly ConcurrentQueue<ulong> _queue = new();

    public bool TryPush(ulong item)
    {
        _queue.Enqueue(item);
        return true;
    }

    public bool TryPop(out ulong item) => _queue.TryDequeue(out item);
}
