using System;
using Mhi.Endpoint.Functions.Network;

namespace Mhi.Endpoint.Functions;

/// <summary>
/// A network behind a data channel: every unicast address answers ICMP and ICMPv6 echo requests, in fragments as well, and
/// neighbour solicitations. Nothing else is answered. What contradicts itself is dropped and counted.
/// </summary>
public abstract class NetworkFunction : ChannelFunction
{
    private protected NetworkFunction()
    {
    }

    /// <summary>Packets answered so far.</summary>
    public long Answered { get; private protected set; }

    /// <summary>Packets so far that nothing answers.</summary>
    public long Ignored { get; private protected set; }

    /// <summary>Malformed packets and blocks dropped so far.</summary>
    public long Malformed { get; private protected set; }

    /// <summary>Turns a packet into its answer, in place, and counts it.</summary>
    /// <param name="packet">The packet, in memory of the function.</param>
    /// <returns>Length of the answer; 0 when there is none.</returns>
    private protected int Answer(Span<byte> packet)
    {
        switch (EchoResponder.Answer(packet, out int length))
        {
            case PacketVerdict.Answered:
                Answered++;
                break;
            case PacketVerdict.Ignored:
                Ignored++;
                break;
            default:
                Malformed++;
                break;
        }

        return length;
    }
}
