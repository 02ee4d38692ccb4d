using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Uci;

/// <summary>One channel that a host publishes.</summary>
/// <param name="Name">Name of the channel, as in the device's table.</param>
/// <param name="MaxTransferBytes">Largest transfer of one descriptor in bytes (M); the table limits it to 65535.</param>
public sealed record UciTableEntry(string Name, int MaxTransferBytes)
{
    // What the seed driver keeps at the end of every receive buffer.
    private const int V6RecordBytes = 32;

    /// <summary>Directions to publish; one that the device's table lacks is missing on the node.</summary>
    public ChannelDirections Directions { get; init; } = ChannelDirections.Both;

    /// <summary>Buffers per direction; 0 takes as many as the transfer ring has usable descriptors.</summary>
    public int PoolDepth { get; init; }

    /// <summary>Whether a structured read returns empty packets instead of skipping them.</summary>
    public bool DeliverEmptyPackets { get; init; }

    /// <summary>What a write longer than one transfer does when the ring cannot take it whole.</summary>
    public WritePolicy WritePolicy { get; init; } = WritePolicy.WholeMessage;

    /// <summary>Whether receive buffers take 32 bytes less than a transfer, as version 6 of the kernel driver has it.</summary>
    public bool V6ReceiveSize { get; init; }

    /// <summary>Bytes that one receive buffer takes (R).</summary>
    public int ReceiveCapacity => V6ReceiveSize ? MaxTransferBytes - V6RecordBytes : MaxTransferBytes;

    internal ChannelOptions ToOptions(ChannelDirections directions) =>
        new(Name, MaxTransferBytes, directions, PoolDepth, DeliverEmptyPackets) { ReceiveCapacity = ReceiveCapacity };
}
