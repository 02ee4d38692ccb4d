namespace Mhi.Uci.Waiting;

/// <summary>Operations that may have to be woken together: those of one handle, or those that watch one node.</summary>
/// <param name="chain">Which of an operation's two pairs of links the set uses.</param>
internal sealed class OperationSet(int chain)
{
    /// <summary>Chain of the operations of a handle.</summary>
    internal const int OfHandle = 0;

    /// <summary>Chain of the operations that watch a node.</summary>
    internal const int OfWatchers = 1;

    private readonly UciLock _lock = new();
    private UciOperation? _first;
    private volatile int _count;

    /// <summary>How many operations are in the set.</summary>
    internal int Count => _count;

    internal void Add(UciOperation operation)
    {
        using (_lock.EnterScope())
        {
            ref OperationLinks links = ref operation.Links[chain];
            links = new OperationLinks { Next = _first };
            if (_first is { } first)
            {
                first.Links[chain].Previous = operation;
            }

            _first = operation;
            _count++;
        }
    }

    internal void Remove(UciOperation operation)
    {
        using (_lock.EnterScope())
        {
            ref OperationLinks links = ref operation.Links[chain];
            if (links.Previous is { } previous)
            {
                previous.Links[chain].Next = links.Next;
            }
            else
            {
                _first = links.Next;
            }

            if (links.Next is { } next)
            {
                next.Links[chain].Previous = links.Previous;
            }

            links = default;
            _count--;
        }
    }

    /// <summary>Makes every operation of the set look again at what it waits for.</summary>
    internal void SignalAll()
    {
        using (_lock.EnterScope())
        {
            for (UciOperation? operation = _first; operation is not null; operation = operation.Links[chain].Next)
            {
                operation.Signal();
            }
        }
    }
}
