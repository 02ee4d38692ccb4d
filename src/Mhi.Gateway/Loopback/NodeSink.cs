using System;

namespace Mhi.Gateway.Loopback;

/// <summary>Sends through a device node.</summary>
/// <param name="port">The open node.</param>
internal readonly struct NodeSink(NodePort port) : IPacketSink
{
    /// <inheritdoc/>
    public int Write(ReadOnlySpan<byte> packet)
    {
        port.Write(packet);
        return packet.Length;
    }
}
