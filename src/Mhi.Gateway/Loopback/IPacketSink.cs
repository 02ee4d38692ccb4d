using System;

namespace Mhi.Gateway.Loopback;

/// <summary>Where a sender's packets go; a structure, so that the sender is compiled for it.</summary>
internal interface IPacketSink
{
    /// <summary>Sends a packet, waiting for room.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>Bytes sent; fewer than there are when it went down in the middle, and the next call says why.</returns>
    int Write(ReadOnlySpan<byte> packet);
}
