using System;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Functions;

/// <summary>A host that counts what it gets.</summary>
internal sealed class CountingDownlink : IDownlink
{
    /// <summary>Packets so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public bool CanSend => true;

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        Packets++;
        Bytes += packet.Length;
        return true;
    }
}
