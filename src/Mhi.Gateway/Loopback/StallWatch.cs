using System;
using System.Diagnostics;

namespace Mhi.Gateway.Loopback;

/// <summary>Notices that a channel has stopped answering. Used by the supervisor.</summary>
internal sealed class StallWatch(string channelName)
{
    /// <summary>How long packets may be under way without any byte coming back.</summary>
    internal static readonly TimeSpan Limit = new(10 * TimeSpan.TicksPerSecond);

    private long _bytes;
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Looks at the run; fails it when nothing has come back for too long.</summary>
    /// <param name="bytes">Bytes received so far.</param>
    /// <param name="isWaiting">Whether the device owes an answer, and the program is ready to take it.</param>
    /// <param name="state">The run.</param>
    internal void Look(long bytes, bool isWaiting, TransferState state)
    {
        if (bytes != _bytes || !isWaiting)
        {
            _bytes = bytes;
            _since = Stopwatch.GetTimestamp();
        }
        else if (Stopwatch.GetElapsedTime(_since) >= Limit)
        {
            string soFar = bytes == 0 ? "Nothing came back" : $"After {bytes} bytes nothing more came back";
            state.Fail(new GatewayException(
                $"{soFar} on channel {channelName} for {Limit.TotalSeconds:0} s; see whether the channel has an echo, as LOOPBACK has."));
        }
    }
}
