using System;
using Mhi.Interop.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// The packets under way, oldest first, from the sender to the receiver. Their largest number is also the limit of how far
/// the sender may run ahead of a channel that takes everything and sends nothing back.
/// </summary>
/// <param name="window">Most packets under way, 1 to <see cref="LargestWindow"/>; null for as many as there can be.</param>
internal sealed class FlightLog(int? window)
{
    /// <summary>Far more than the rings of a channel hold, so that an echo is never waited for without need.</summary>
    internal const int LargestWindow = 4096;

    private static readonly TimeSpan s_longestSleep = new(TimeSpan.TicksPerSecond / 10);

    private readonly HandoffRing<Flight> _flights = new(LargestWindow);
    private readonly int _window = window ?? LargestWindow;
    private readonly Parker _room = new();

    private bool HasRoom => _flights.CountForProducer < _window;

    /// <summary>Sender: waits until one packet more may be under way.</summary>
    /// <param name="state">Says when waiting is of no use any more.</param>
    /// <returns>False when the run ends before there was room.</returns>
    internal bool WaitForRoom(TransferState state)
    {
        while (!HasRoom)
        {
            if (state.IsEnding)
            {
                return false;
            }

            _room.Announce();
            if (HasRoom)
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

    /// <summary>Sender: notes a packet before it is written, when there is room for it.</summary>
    /// <param name="flight">The packet.</param>
    internal void Add(Flight flight) => _ = _flights.TryPush(flight);

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
