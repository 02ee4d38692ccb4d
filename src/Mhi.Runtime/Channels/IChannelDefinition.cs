namespace Mhi.Channels;

/// <summary>
/// What the match table says of one channel, as constants of a type. The generator makes one struct per entry of
/// <c>channels.json</c>; code generic over it sees the numbers as compile-time constants.
/// </summary>
public interface IChannelDefinition
{
    /// <summary>Name on the wire side, as in the device's channel table: ordinal, case-sensitive.</summary>
    static abstract string Name { get; }

    /// <summary>Largest transfer of one descriptor, and the size of one receive buffer, in bytes: 1 to 65535.</summary>
    static abstract int Mtu { get; }

    /// <summary>Directions the program uses.</summary>
    static abstract ChannelDirections Directions { get; }

    /// <summary>Buffers per direction; 0 takes as many as the transfer ring has usable descriptors.</summary>
    static abstract int PoolDepth { get; }

    /// <summary>Whether an empty packet is handed to the reader instead of being skipped and counted.</summary>
    static abstract bool DeliverEmptyPackets { get; }

    /// <summary>What a write longer than the MTU does when the ring cannot take it whole.</summary>
    static abstract WritePolicy WritePolicy { get; }
}
