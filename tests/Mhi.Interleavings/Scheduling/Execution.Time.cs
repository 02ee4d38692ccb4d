using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace Mhi.Interleavings.Scheduling;

/// <content>
/// Time. It stands while threads run and passes in steps, from one alarm to the next: each step is a choice like any other, so
/// that what ends by time may end at every place.
/// </content>
internal sealed partial class Execution
{
    private readonly List<Alarm> _alarms = [];
    private LogicalThread? _clock;

    /// <summary>The time, in units of <see cref="Stopwatch.Frequency"/>.</summary>
    internal long Now { get; private set; }

    /// <summary>Sets an alarm, or takes it back when the time is infinite.</summary>
    internal void Set(Alarm alarm, TimeSpan due, TimeSpan period)
    {
        _ = _alarms.Remove(alarm);
        if (due != Timeout.InfiniteTimeSpan)
        {
            alarm.Due = Now + InUnits(due);
            alarm.Period = period == Timeout.InfiniteTimeSpan ? 0 : InUnits(period);
            _alarms.Add(alarm);
            _clock ??= Spawn("clock", PassTime, isDaemon: true, until: IsWaitedFor);
        }
    }

    /// <summary>Waits until something is true, or the time is over.</summary>
    internal void Block(Func<bool> until, TimeSpan limit, string what)
    {
        if (limit == Timeout.InfiniteTimeSpan)
        {
            Block(until, what);
            return;
        }

        var alarm = new Alarm(ring: null);
        Set(alarm, limit, Timeout.InfiniteTimeSpan);
        long due = alarm.Due;
        Block(() => Now >= due || until(), what);
        _ = _alarms.Remove(alarm);
    }

    private static long InUnits(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private bool IsWaitedFor() => _alarms.Count != 0;

    private void PassTime()
    {
        while (true)
        {
            long next = long.MaxValue;
            foreach (Alarm alarm in _alarms)
            {
                next = Math.Min(next, alarm.Due);
            }

            Now = Math.Max(Now, next);
            foreach (Alarm alarm in _alarms.FindAll(alarm => alarm.Due <= Now))
            {
                if (alarm.Period == 0)
                {
                    _ = _alarms.Remove(alarm);
                }
                else
                {
                    alarm.Due = Now + alarm.Period;
                }

                alarm.Ring();
            }

            Block(IsWaitedFor, "time");
        }
    }
}
