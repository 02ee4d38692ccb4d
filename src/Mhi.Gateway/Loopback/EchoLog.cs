using System.Diagnostics;
using System.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>Matches what comes back with what is under way, and times it. Used by the receiver's thread.</summary>
/// <param name="flights">What is under way.</param>
/// <param name="channelName">Where the echo comes from, for messages.</param>
internal sealed class EchoLog(FlightLog flights, string channelName)
{
    private readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private long _packets;
    private long _lastEnd;

    /// <summary>Packets that have come back. Any thread.</summary>
    internal long Packets => Volatile.Read(ref _packets);

    /// <summary>When the first packet came back; 0 before.</summary>
    internal long FirstAt { get; private set; }

    /// <summary>When the last packet came back; 0 before.</summary>
    internal long LastAt { get; private set; }

    /// <summary>Time from write to echo of every packet.</summary>
    internal LatencyHistogram Latency { get; } = new();

    /// <summary>A packet, or a piece of one, has come back.</summary>
    /// <param name="bytes">Bytes received so far.</param>
    /// <param name="isWholePacket">Whether it has to be as long as the packet that was sent.</param>
    internal void Take(long bytes, bool isWholePacket)
    {
        long now = Stopwatch.GetTimestamp();
        long received = bytes - _lastEnd;
        if (!flights.TryPeek(out Flight flight))
        {
            EchoFault.Unexpected(channelName, received);
        }

        if (isWholePacket && flight.End != bytes)
        {
            EchoFault.WrongLength(channelName, received, flight.End - _lastEnd);
        }

        while (flight.End <= bytes)
        {
            Latency.Record((long)((now - flight.SentAt) * _nanosecondsPerTick));
            flights.Remove();
            Volatile.Write(ref _packets, _packets + 1);
            if (!flights.TryPeek(out flight))
            {
                break;
            }
        }

        _lastEnd = bytes;
        LastAt = now;
        if (FirstAt == 0)
        {
            FirstAt = now;
        }
    }
}
