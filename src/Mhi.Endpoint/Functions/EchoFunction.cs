using System;

namespace Mhi.Endpoint.Functions;

/// <summary>LOOPBACK: sends every packet back as it came.</summary>
public sealed class EchoFunction : ChannelFunction
{
    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        return downlink.TrySend(packet);
    }
}
