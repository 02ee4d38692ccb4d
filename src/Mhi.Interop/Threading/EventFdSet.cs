using System;
using System.Collections.Immutable;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Threading;

/// <summary>Waits with poll(2) until one of several <see cref="EventFd"/>s is signalled. Used by one thread.</summary>
public sealed unsafe class EventFdSet
{
    private readonly ImmutableArray<EventFd> _members;
    private readonly Libc.PollDescriptor[] _descriptors;

    /// <summary>Creates the set.</summary>
    /// <param name="members">The descriptors to wait for; they must outlive the set.</param>
    /// <param name="watched">More of them, which end a wait but are drained by somebody else.</param>
    public EventFdSet(ImmutableArray<EventFd> members, ImmutableArray<EventFd> watched = default)
    {
        _members = members;
        ReadOnlySpan<EventFd> others = watched.IsDefault ? [] : watched.AsSpan();
        _descriptors = GC.AllocateArray<Libc.PollDescriptor>(members.Length + others.Length, pinned: true);
        for (int i = 0; i < _descriptors.Length; i++)
        {
            EventFd descriptor = i < members.Length ? members[i] : others[i - members.Length];
            _descriptors[i] = new Libc.PollDescriptor { Descriptor = descriptor.Number, Events = Libc.PollIn };
        }
    }

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

        if (ready <= 0)
        {
            return false;
        }

        for (int i = 0; i < _members.Length; i++)
        {
            if (_descriptors[i].ReturnedEvents != 0)
            {
                _ = _members[i].Drain();
            }
        }

        return true;
    }
}
