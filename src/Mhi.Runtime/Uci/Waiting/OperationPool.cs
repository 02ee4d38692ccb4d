using System.Threading;

namespace Mhi.Uci.Waiting;

/// <summary>Operations of a node that nobody uses now: waiting allocates only until as many exist as ever waited at once.</summary>
internal sealed class OperationPool
{
    private readonly UciLock _lock = new();
    private UciOperation? _first;
    private int _inUse;

    /// <summary>Operations that are waiting, or about to, and asynchronous ones that have ended and were not awaited yet.</summary>
    internal int InUse => Volatile.Read(ref _inUse);

    internal UciOperation Rent()
    {
        _ = Interlocked.Increment(ref _inUse);
        using (_lock.EnterScope())
        {
            if (_first is { } operation)
            {
                _first = operation.NextInTurn;
                operation.NextInTurn = null;
                return operation;
            }
        }

        return new UciOperation(this);
    }

    internal void Return(UciOperation operation)
    {
        using (_lock.EnterScope())
        {
            operation.NextInTurn = _first;
            _first = operation;
        }

        _ = Interlocked.Decrement(ref _inUse);
    }
}
