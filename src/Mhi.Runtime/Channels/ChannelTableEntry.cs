namespace Mhi.Channels;

/// <summary>One row of the compiled match table.</summary>
/// <param name="Name">Channel name, as in the device's channel table.</param>
/// <param name="Mtu">Largest transfer of one descriptor, in bytes.</param>
/// <param name="Directions">Directions the program uses.</param>
/// <param name="PoolDepth">Buffers per direction; 0 takes as many as the transfer ring has usable descriptors.</param>
/// <param name="DeliverEmptyPackets">Whether empty packets reach the reader.</param>
/// <param name="WritePolicy">What a write longer than the MTU does.</param>
/// <param name="TypeName">Name of the generated class, without its namespace.</param>
/// <param name="Description">The table's own words for the channel; empty where it has none.</param>
public readonly record struct ChannelTableEntry(
    string Name,
    int Mtu,
    ChannelDirections Directions,
    int PoolDepth,
    bool DeliverEmptyPackets,
    WritePolicy WritePolicy,
    string TypeName,
    string Description);
