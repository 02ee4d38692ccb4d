using System;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Functions.Mbim;

/// <summary>A host that posts one buffer at a time.</summary>
internal sealed class OnePacketDownlink : IDownlink
{
    /// <inheritdoc/>
    public bool CanSend { get; private set; } = true;

    internal int Packets { get; private set; }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        bool sent = CanSend;
        Packets += sent ? 1 : 0;
        CanSend = false;
        return sent;
    }

    internal void Post() => CanSend = true;
}
