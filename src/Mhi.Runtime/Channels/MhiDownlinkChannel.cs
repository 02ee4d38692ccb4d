using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>An open channel that receives from the device.</summary>
/// <remarks>
/// One reader at a time: at most one operation of this direction is under way. Nothing here allocates after the channel
/// is open.
/// </remarks>
/// <typeparam name="TDefinition">The channel's constants.</typeparam>
public class MhiDownlinkChannel<TDefinition> : MhiChannel
    where TDefinition : struct, IChannelDefinition
{
    private readonly DownlinkEnd _end;

    /// <summary>Makes the channel over an open connection.</summary>
    /// <param name="connection">A connection opened for <typeparamref name="TDefinition"/>.</param>
    protected internal MhiDownlinkChannel(ChannelConnection connection)
        : base(connection)
    {
        CheckDefinition<TDefinition>();
        _end = new DownlinkEnd(Pair);
    }

    /// <summary>What arrived, counted.</summary>
    public DownlinkCounters DownlinkCounters => _end.Port.Counters;

    /// <summary>Whether a packet, or the rest of one, waits to be read about now. May be asked from any thread.</summary>
    public bool CanRead => _end.Port.HasPacket();

    /// <summary>Copies bytes of the oldest unread packet; never of two. Does not block.</summary>
    /// <param name="destination">Receives them; what does not fit stays for the next read.</param>
    /// <param name="count">How many were copied.</param>
    /// <returns>Done, WouldBlock, or Down once everything that had arrived was read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChannelStatus TryRead(Span<byte> destination, out int count) => _end.Port.TryRead(destination, out count);

    /// <summary>Copies bytes of the oldest unread packet, blocking while there is none.</summary>
    /// <param name="destination">Receives them; what does not fit stays for the next read.</param>
    /// <param name="timeout">Longest wait; null waits without limit.</param>
    /// <returns>How many were copied; 0 only for an empty destination.</returns>
    /// <exception cref="MhiException">The channel is down and everything that had arrived was read.</exception>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public int Read(Span<byte> destination, TimeSpan? timeout = null) => _end.Read(destination, timeout);

    /// <summary>Copies bytes of the oldest unread packet, awaiting one.</summary>
    /// <param name="destination">Receives them; must not be used until the task completes.</param>
    /// <param name="cancellationToken">Gives up; nothing is consumed then.</param>
    /// <returns>How many were copied.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default) =>
        _end.ReadAsync(destination, cancellationToken);

    /// <summary>Leases the oldest unread packet in place. Does not block.</summary>
    /// <param name="packet">The packet, or what reads have left of it; valid when the result is Done.</param>
    /// <returns>Done, WouldBlock, or Down once everything that had arrived was read.</returns>
    public ChannelStatus TryReceive(out ReceivedPacket packet) => _end.Port.TryReceive(out packet);

    /// <summary>Leases the oldest unread packet in place, blocking while there is none.</summary>
    /// <param name="timeout">Longest wait; null waits without limit.</param>
    /// <returns>The packet; dispose it to give the buffer back to the device.</returns>
    /// <exception cref="MhiException">The channel is down and everything that had arrived was read.</exception>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public ReceivedPacket Receive(TimeSpan? timeout = null) => _end.Receive(timeout);

    /// <summary>Waits until there is a packet to receive.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when there is one; false when the channel is down and empty.</returns>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _end.WaitToReadAsync(cancellationToken);
}
