using System.Threading;

namespace Mhi.Controller;

/// <summary>What a controller saw that needed no action. Written by the poll thread, readable from any.</summary>
public sealed class MhiControllerCounters
{
    private ulong _ignoredEvents;
    private ulong _ignoredCompletions;
    private ulong _lateCommandCompletions;

    /// <summary>Events of an unknown type, on the wrong ring, or that contradict the state the device is in.</summary>
    public ulong IgnoredEvents => Volatile.Read(ref _ignoredEvents);

    /// <summary>Transfer events for a channel that is not open, or for an element that is not outstanding.</summary>
    public ulong IgnoredCompletions => Volatile.Read(ref _ignoredCompletions);

    /// <summary>Command completions that nobody waited for any more, or never did.</summary>
    public ulong LateCommandCompletions => Volatile.Read(ref _lateCommandCompletions);

    internal void CountIgnoredEvent() => Volatile.Write(ref _ignoredEvents, _ignoredEvents + 1);

    internal void CountIgnoredCompletion() => Volatile.Write(ref _ignoredCompletions, _ignoredCompletions + 1);

    internal void CountLateCommandCompletion() => Volatile.Write(ref _lateCommandCompletions, _lateCommandCompletions + 1);
}
