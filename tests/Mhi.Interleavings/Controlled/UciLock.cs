using System;
using Mhi.Interleavings.Scheduling;

namespace Mhi.Uci.Waiting;

/// <summary>A lock that the scheduler knows of: another thread may take it first, and who finds it taken waits there.</summary>
internal sealed class UciLock
{
    private readonly Func<bool> _isFree;
    private LogicalThread? _owner;

    public UciLock()
    {
        _isFree = () => _owner is null;
    }

    internal Scope EnterScope()
    {
        // Finalizers run on a thread of their own, and only on what a failed execution has left.
        LogicalThread? self = LogicalThread.Current;
        if (self is null or { IsUnwinding: true })
        {
            return default;
        }

        if (_owner == self)
        {
            throw new InvalidOperationException("A thread takes a lock that it holds already.");
        }

        self.Execution.Block(_isFree, "lock");
        _owner = self;
        return new Scope(this);
    }

    internal readonly ref struct Scope(UciLock? owner)
    {
        public void Dispose()
        {
            if (owner is not null)
            {
                owner._owner = null;
            }
        }
    }
}
