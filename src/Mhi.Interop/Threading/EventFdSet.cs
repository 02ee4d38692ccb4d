using System;
using System.Collections.Immutable;
using System.Threading;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Threading;

/// <summary>Waits with poll(2) until one of several <see cref="EventFd"/>s is signalled. Used by one thread.</summary>
public sealed unsafe class EventFdSet
{
    private readonly ImmutableArray<EventFd> _members;
    private readonly Libc.PollDescriptor[] _descriptors;
    private readonly long[] _signals;

    /// <summary>Creates the set.</summary>
    /// <param name="members">The descriptors to wait for; they must outlive the set.</param>
    /// <param name="watched">More of them, which end a wait but are drained by somebody else.</param>
    public EventFdSet(ImmutableArray<EventFd> members, ImmutableArray<EventFd> watched = default)
    {
        _members = members;
        _signals = new long[members.Length];
        ReadOnlySpan<EventFd> others = watched.IsDefault ? [] : watched.AsSpan();
        _descriptors = GC.AllocateArray<Libc.PollDescriptor>(members.Length + others.Length, pinned: true);
        for (int i = 0; i < _descriptors.Length; i++)
        {
            EventFd descriptor = i < members.Length ? members[i] : others[i - members.Length];
            _descriptors[i] = new Libc.PollDescriptor { Descriptor = descriptor.Number, Events = Libc.PollIn };
        }
    }

    /// <summary>Whether one of those that somebody else drains was signalled when the last wait ended.</summary>
    public bool IsWatchedSignalled { get; private set; }

    /// <summary>How many waits a member has ended so far. Any thread.</summary>
    /// <param name="index">Index of the member.</param>
    /// <returns>The number.</returns>
    public long CountSignals(int index) => Volatile.Read(ref _signals[index]);

    /// <summary>Blocks until a descriptor is signalled or the time is over, and drains the members that were.</summary>
    /// <param name="timeoutMilliseconds">Longest wait; -1 waits without limit.</param>
    /// <returns>Whether one was signalled. A signal handler running in this thread ends the wait early.</returns>
    public bool Wait(int timeoutMilliseconds)
    {
        int ready;
        fixed (Libc.PollDescriptor* descriptors = _descriptors)
        {
            ready = Libc.Poll(descriptors, (nuint)_descriptors.Length, timeoutMilliseconds);
        }

        IsWatchedSignalled = false;
        if (ready <= 0)
        {
            return false;
        }

        for (int i = _members.Length; i < _descriptors.Length; i++)
        {
            IsWatchedSignalled |= _descriptors[i].ReturnedEvents != 0;
        }

        for (int i = 0; i < _members.Length; i++)
        {
            if (_descriptors[i].ReturnedEvents != 0)
            {
                _ = _members[i].Drain();
                Volatile.Write(ref _signals[i], _signals[i] + 1);
            }
        }

        return true;
    }
}
