using System;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Functions;

/// <summary>A host that keeps what it gets, unless it has no buffers.</summary>
internal sealed class PacketDownlink : IDownlink
{
    /// <summary>What it got.</summary>
    public List<byte[]> Packets { get; } = [];

    /// <inheritdoc/>
    public bool CanSend { get; set; } = true;

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        if (CanSend)
        {
            Packets.Add(packet.ToArray());
        }

        return CanSend;
    }
}
