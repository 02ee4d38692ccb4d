using System;

namespace Mhi.Endpoint.Functions.Network;

/// <summary>The far end of the network: every unicast address there is answers to ping.</summary>
internal static class EchoResponder
{
    /// <summary>Hop limit of what is sent from here.</summary>
    internal const byte HopLimit = 64;

    /// <summary>Turns a request into its answer, in place.</summary>
    /// <param name="packet">The packet, in memory of the device.</param>
    /// <param name="length">Length of the answer: at most that of the packet.</param>
    /// <returns>What came of it; only an answered packet may be sent.</returns>
    public static PacketVerdict Answer(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.IsEmpty)
        {
            return PacketVerdict.Malformed;
        }

        return (packet[0] >> 4) switch
        {
            4 => Ipv4Echo.Answer(packet, out length),
            6 => Ipv6Echo.Answer(packet, out length),
            _ => PacketVerdict.Malformed,
        };
    }
}
