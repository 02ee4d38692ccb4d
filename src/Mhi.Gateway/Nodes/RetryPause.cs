using System;

namespace Mhi.Gateway.Nodes;

/// <summary>Pauses between attempts to get a device back: each twice as long as the one before, up to a limit.</summary>
internal sealed class RetryPause
{
    /// <summary>The first pause: a device that only restarts is not kept waiting.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest: whoever plugs a device in again does not wait much longer than that.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private TimeSpan _next = Shortest;

    /// <summary>Takes the next pause.</summary>
    /// <returns>How long to wait now.</returns>
    internal TimeSpan Take()
    {
        TimeSpan pause = _next;
        _next = pause + pause < Longest ? pause + pause : Longest;
        return pause;
    }

    /// <summary>A device was there, for so long: one that keeps failing at once is not tried faster and faster.</summary>
    /// <param name="stay">How long.</param>
    internal void Reset(TimeSpan stay)
    {
        if (stay >= Longest)
        {
            _next = Shortest;
        }
    }
}
