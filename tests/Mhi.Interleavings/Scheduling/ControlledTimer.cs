using System;
using System.Threading;

namespace Mhi.Interleavings.Scheduling;

/// <summary>A timer that goes by the execution's time; its callback is a logical thread.</summary>
internal sealed class ControlledTimer : IDisposable
{
    private readonly Alarm _alarm;

    internal ControlledTimer(TimerCallback callback, object? state, TimeSpan due, TimeSpan period)
    {
        _alarm = new Alarm(() => _ = Execution.Current!.Spawn("timer", () => callback(state)));
        _ = Change(due, period);
    }

    internal bool Change(TimeSpan due, TimeSpan period)
    {
        // Finalizers run on a thread of their own, and only on what a failed execution has left.
        Execution.Current?.Set(_alarm, due, period);
        return true;
    }

    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
