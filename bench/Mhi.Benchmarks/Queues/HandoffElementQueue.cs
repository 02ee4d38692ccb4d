using Mhi.Interop.Threading;

namespace Mhi.Benchmarks.Queues;

public readonly struct HandoffElementQueue(int capacity) : IElementQueue
{
    private readonly HandoffRing<ulong> _ring = new(capacity);

    public bool TryPush(ulong item) => _ring.TryPush(item);

    public bool TryPop(out ulong item) => _ring.TryPop(out item);
}
