using System;

namespace Mhi.Endpoint.Functions;

/// <summary>
/// A channel that nothing answers on: what the host sends is taken and dropped, so its transfers complete as they would
/// with a modem that has nothing to say.
/// </summary>
public sealed class SinkFunction : ChannelFunction
{
    /// <summary>Packets taken so far.</summary>
    public long Packets { get; private set; }

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        Packets++;
        return true;
    }
}
