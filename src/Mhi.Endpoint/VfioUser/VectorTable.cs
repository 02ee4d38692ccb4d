using System;
using System.Threading;
using Mhi.Interop.Threading;

namespace Mhi.Endpoint.VfioUser;

/// <summary>The interrupt vectors of one kind, and the client's event descriptor of each.</summary>
/// <remarks>
/// The client may replace a descriptor at any moment; the lock keeps the device from writing to one that is being closed.
/// A vector raised while it has none is remembered until it has: the client takes descriptors away and gives new ones in
/// the middle of operation.
/// </remarks>
internal sealed class VectorTable : IInterruptLines, IDisposable
{
    private readonly Lock _lock = new();
    private readonly EventFd?[] _descriptors;
    private ulong _pending;

    internal VectorTable(int count)
    {
        _descriptors = new EventFd?[count];
    }

    /// <inheritdoc/>
    public int Count => _descriptors.Length;

    /// <inheritdoc/>
    public void Raise(int vector)
    {
        lock (_lock)
        {
            if (_descriptors[vector] is EventFd descriptor)
            {
                descriptor.Signal();
            }
            else
            {
                _pending |= 1UL << vector;
            }
        }
    }

    /// <summary>Gives a vector another descriptor, or none.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="descriptor">Its descriptor from now on; belongs to the table. Null takes it away.</param>
    internal void Assign(int vector, EventFd? descriptor)
    {
        EventFd? old;
        lock (_lock)
        {
            old = _descriptors[vector];
            _descriptors[vector] = descriptor;
            if (descriptor is not null && (_pending & (1UL << vector)) != 0)
            {
                _pending &= ~(1UL << vector);
                descriptor.Signal();
            }
        }

        old?.Dispose();
    }

    /// <summary>Takes all descriptors away.</summary>
    internal void Clear()
    {
        for (int i = 0; i < _descriptors.Length; i++)
        {
            Assign(i, null);
        }
    }

    /// <summary>Forgets vectors raised while they had no descriptor.</summary>
    internal void ForgetPending()
    {
        lock (_lock)
        {
            _pending = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
