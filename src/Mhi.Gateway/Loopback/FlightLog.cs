using System;
using Mhi.Interop.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// The packets under way, oldest first, from the sender to the receiver. Its capacity is also the limit of how far the
/// sender may run ahead of a channel that takes everything and sends nothing back.
/// </summary>
internal sealed class FlightLog
{
    // Far more than the rings of a channel hold, so that an echo is never waited for without need.
    private const int Capacity = 4096;

    private static readonly TimeSpan s_longestSleep = new(TimeSpan.TicksPerSecond / 10);

    private readonly HandoffRing<Flight> _flights = new(Capacity);
    private readonly Parker _room = new();

    /// <summary>Sender: notes a packet before it is written.</summary>
    /// <param name="flight">The packet.</param>
    /// <param name="state">Says when waiting for room is of no use any more.</param>
    /// <returns>False when the run ends before there was room.</returns>
    internal bool Add(Flight flight, TransferState state)
    {
        while (!_flights.TryPush(flight))
        {
            if (state.IsEnding)
            {
                return false;
            }

            _room.Announce();
            if (_flights.CountForProducer < Capacity)
            {
                _room.Withdraw();
            }
            else
            {
                _room.Park(s_longestSleep);
            }
        }

        return true;
    }

    /// <summary>Receiver: looks at the oldest packet under way.</summary>
    /// <param name="flight">The packet.</param>
    /// <returns>False when none is.</returns>
    internal bool TryPeek(out Flight flight)
    {
        bool any = _flights.CountForConsumer != 0;
        flight = any ? _flights.Peek(0) : default;
        return any;
    }

    /// <summary>Receiver: the oldest packet has come back.</summary>
    internal void Remove()
    {
        _flights.Advance(1);
        _room.Wake();
    }
}
