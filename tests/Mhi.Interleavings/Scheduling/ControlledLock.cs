using System;
using System.IO;
using System.Runtime.CompilerServices;

namespace Mhi.Interleavings.Scheduling;

/// <summary>A lock that the scheduler knows of: another thread may take it first, and who finds it taken waits there.</summary>
internal sealed class ControlledLock
{
    private readonly Func<bool> _isFree;
    private readonly string _name;
    private LogicalThread? _owner;

    /// <param name="name">What the order of locks knows it as: the file that declares it, unless said otherwise.</param>
    public ControlledLock([CallerFilePath] string name = "")
    {
        _name = Path.GetFileNameWithoutExtension(name);
        _isFree = () => _owner is null;
    }

    internal bool IsHeldByCurrentThread => _owner is { } owner && owner == LogicalThread.Current;

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
            throw new InvalidOperationException($"A thread takes a lock that it holds already, of {_name}.");
        }

        LockOrder.Take(self, _name);
        self.Execution.Block(_isFree, "lock");
        _owner = self;
        self.Held.Add(_name);
        return new Scope(this);
    }

    internal readonly ref struct Scope(ControlledLock? owner)
    {
        public void Dispose()
        {
            if (owner is not null)
            {
                _ = owner._owner!.Held.Remove(owner._name);
                owner._owner = null;
                Execution.Current?.Hit("unlock", isFine: true);
            }
        }
    }
}
