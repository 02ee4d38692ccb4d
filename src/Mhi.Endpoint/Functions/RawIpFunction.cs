using System;

namespace Mhi.Endpoint.Functions;

/// <summary>IP_HW0 and IP_SW0: one IP packet per packet of the channel. MAP frames are dropped as malformed.</summary>
/// <remarks>While the host has no buffers for an answer, nothing is taken.</remarks>
public sealed class RawIpFunction : NetworkFunction
{
    // No IP packet is longer: total length and payload length have 16 bits.
    private const int MaxPacketLength = 40 + 0xffff;

    private readonly byte[] _packet = new byte[MaxPacketLength];

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        if (!downlink.CanSend)
        {
            return false;
        }

        if (packet.Length > MaxPacketLength)
        {
            Malformed++;
            return true;
        }

        packet.CopyTo(_packet);
        int length = Answer(_packet.AsSpan(0, packet.Length));
        return length == 0 || downlink.TrySend(_packet.AsSpan(0, length));
    }
}
