using System;
using System.Threading.Tasks;

namespace Mhi.Nodes;

/// <summary>
/// One open of a <see cref="NodeFile"/>. Members do not block and do not throw; the server calls them one at a time for each
/// file, and <see cref="CloseAsync"/> last.
/// </summary>
public abstract class NodeHandle
{
    /// <summary>What can be done now. After the device has gone: Error and HangUp, no Out, In while unread data remains.</summary>
    public abstract NodeEvents Events { get; }

    /// <summary>
    /// Counts what has arrived, modulo 2^32, so that edge-triggered programs learn of every message; constant 0 when the
    /// channel does not tell.
    /// </summary>
    public virtual uint Arrivals => 0;

    /// <summary>
    /// Most bytes of a write that go out as one packet: of a longer one that has to wait the server may keep so much, and tell
    /// the program that count. By default every write is one packet.
    /// </summary>
    public virtual int MaxPacketLength => int.MaxValue;

    /// <summary>Bytes that can be read now, for FIONREAD; -1 when the channel does not tell.</summary>
    public virtual int Available => -1;

    /// <summary>Reads what there is.</summary>
    /// <param name="destination">Where to; not empty.</param>
    /// <returns>Number of bytes; 0 at the end of the stream; a negative <see cref="Errno"/>, Again when there is nothing.</returns>
    public abstract int TryRead(Span<byte> destination);

    /// <summary>Takes what there is room for, in whole packets.</summary>
    /// <param name="source">The bytes; not empty.</param>
    /// <returns>Number of bytes taken; a negative <see cref="Errno"/>, Again when there is no room.</returns>
    public abstract int TryWrite(ReadOnlySpan<byte> source);

    /// <summary>
    /// Asks for one call of the listener for each event of the set, as soon as it holds or the device has gone, also when that
    /// is so already. The sets of several calls add up. The listener may be called
    /// without need, but not at once each time: when a write was refused although Out holds, Out stands for more room.
    /// </summary>
    /// <param name="events">Of In, Out and HangUp; HangUp stands for an error, too.</param>
    public abstract void Arm(NodeEvents events);

    /// <summary>
    /// Asks for a call of the listener with In as soon as <see cref="Arrivals"/> differs from what was seen, or the device has
    /// gone.
    /// </summary>
    /// <param name="seen">A value of <see cref="Arrivals"/>.</param>
    public virtual void ArmArrival(uint seen)
    {
    }

    /// <summary>Ends the handle; no call of the listener has an effect afterwards.</summary>
    /// <returns>
    /// Completes when nothing is left of it. What an open must not find any more has ended when the call returns: the server
    /// then lets the program that closed go on.
    /// </returns>
    public abstract Task CloseAsync();
}
