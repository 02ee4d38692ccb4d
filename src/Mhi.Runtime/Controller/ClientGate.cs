using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Mhi.Controller;

/// <summary>
/// Lets one client at a time into a port and tells the poll thread when it may take the port's memory away. Mutable
/// struct: it lives in a field of its port and is never copied.
/// </summary>
/// <remarks>
/// Entering and leaving are plain stores. The closing side pays: it closes, runs a process-wide barrier, and then either
/// sees the client inside or knows that the client will see the gate closed.
/// </remarks>
internal struct ClientGate
{
    private const int Open = 0;
    private const int Closed = 1;
    private const int Released = 2;

    private bool _occupied;
    private int _state;

    /// <summary>Whether the port is closed: nothing new is accepted. Meaningful after <see cref="Enter"/>.</summary>
    internal readonly bool IsClosed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(in _state) != Open;
    }

    /// <summary>Whether the port's memory is gone. Meaningful after <see cref="Enter"/>.</summary>
    internal readonly bool IsReleased
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(in _state) == Released;
    }

    /// <summary>Whether a client is inside.</summary>
    internal readonly bool IsOccupied => Volatile.Read(in _occupied);

    /// <summary>Client: enters.</summary>
    /// <exception cref="InvalidOperationException">Another thread is inside.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter()
    {
        LockRules.EnterCore();
        if (_occupied)
        {
            ThrowOccupied();
        }

        Volatile.Write(ref _occupied, true);
        SchedulePoint.HitInside();
    }

    /// <summary>Client: leaves. Release: its accesses to the port's memory are over before the store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave() => Volatile.Write(ref _occupied, false);

    /// <summary>Poll thread: nothing new is accepted any more.</summary>
    internal void Close() => Advance(Closed);

    /// <summary>Poll thread: the memory is about to go.</summary>
    internal void Release() => Advance(Released);

    private void Advance(int state)
    {
        if (_state < state)
        {
            Volatile.Write(ref _state, state);
            SchedulePoint.HitInside();
            Interlocked.MemoryBarrierProcessWide();
        }
    }

    private static void ThrowOccupied() =>
        throw new InvalidOperationException("Two threads use the same direction of a channel at once. One writer and one reader are allowed; give each its turn.");
}
