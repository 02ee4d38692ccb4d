using System;
using System.Diagnostics;
using System.Threading;

namespace Mhi.Channels;

/// <summary>The time a blocking call has left.</summary>
internal readonly struct Deadline
{
    private readonly long _started;
    private readonly TimeSpan _limit;

    private Deadline(long started, TimeSpan limit)
    {
        _started = started;
        _limit = limit;
    }

    /// <summary>Time left: zero when it is over, <see cref="Timeout.InfiniteTimeSpan"/> without a limit.</summary>
    internal TimeSpan Left
    {
        get
        {
            if (_limit == Timeout.InfiniteTimeSpan)
            {
                return _limit;
            }

            TimeSpan left = _limit - Stopwatch.GetElapsedTime(_started, Clock.Timestamp);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Whether the time is over.</summary>
    internal bool IsOver => Left == TimeSpan.Zero;

    /// <summary>Starts the clock.</summary>
    /// <param name="timeout">The limit; null or <see cref="Timeout.InfiniteTimeSpan"/> sets none.</param>
    /// <returns>The deadline.</returns>
    internal static Deadline After(TimeSpan? timeout)
    {
        TimeSpan limit = timeout ?? Timeout.InfiniteTimeSpan;
        if (limit == Timeout.InfiniteTimeSpan)
        {
            return new Deadline(0, limit);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
        return new Deadline(Clock.Timestamp, limit);
    }
}
