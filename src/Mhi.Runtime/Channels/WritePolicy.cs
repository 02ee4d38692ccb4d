namespace Mhi.Channels;

/// <summary>What a write longer than the MTU does when the transfer ring cannot take it whole.</summary>
public enum WritePolicy
{
    /// <summary>
    /// Wait until all descriptors of the message fit and send it as one packet; only a message that can never fit
    /// is cut, into packets as long as the ring. Packet boundaries never depend on timing.
    /// </summary>
    WholeMessage = 0,

    /// <summary>
    /// Use the free descriptors at once: the one that takes the last free slot ends the packet and the rest follows as
    /// another. Lowest latency, but packet boundaries depend on how full the ring was.
    /// </summary>
    Eager = 1,
}
