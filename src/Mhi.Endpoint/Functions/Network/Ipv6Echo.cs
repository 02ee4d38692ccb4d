using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Network;

/// <summary>ICMPv6 echo and neighbour solicitation (RFC 8200, RFC 4443, RFC 4861).</summary>
internal static class Ipv6Echo
{
    private const int Header = 40;
    private const int PayloadLength = 4;
    private const int NextHeader = 6;
    private const int HopLimit = 7;
    private const int Source = 8;
    private const int Destination = 24;
    private const int AddressLength = 16;

    private const byte FragmentHeader = 44;
    private const int FragmentHeaderLength = 8;
    private const ushort FragmentOffset = 0xfff8;
    private const ushort MoreFragments = 1;

    private const byte Icmp = 58;
    private const int IcmpHeader = 8;
    private const int Checksum = 2;
    private const ushort Request = 0x8000;
    private const ushort Reply = 0x8100;
    private const ushort Solicitation = 0x8700;
    private const ushort Advertisement = 0x8800;

    private const int Target = 8;
    private const int NeighbourLength = Target + AddressLength;
    private const byte SolicitedAndOverride = 0x60;
    private const byte OnLink = 255;

    /// <summary>Turns a request into its answer, in place.</summary>
    /// <param name="packet">The packet, not empty.</param>
    /// <param name="length">Length of the answer.</param>
    /// <returns>What came of it.</returns>
    public static PacketVerdict Answer(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.Length < Header)
        {
            return PacketVerdict.Malformed;
        }

        int payload = BinaryPrimitives.ReadUInt16BigEndian(packet[PayloadLength..]);
        if (payload > packet.Length - Header)
        {
            return PacketVerdict.Malformed;
        }

        packet = packet[..(Header + payload)];
        if (!IsUnicast(packet.Slice(Source, AddressLength)))
        {
            // Of them the search for a duplicate of the host's own address: an answer would take the address away from it.
            return PacketVerdict.Ignored;
        }

        return packet[NextHeader] switch
        {
            Icmp => AnswerWhole(packet, out length),
            FragmentHeader => AnswerFragment(packet, out length),
            _ => PacketVerdict.Ignored,
        };
    }

    private static PacketVerdict AnswerWhole(Span<byte> packet, out int length)
    {
        length = 0;
        Span<byte> message = packet[Header..];
        if (message.Length < IcmpHeader || InternetChecksum.Sum(message, PseudoHeader(packet, message.Length)) != 0xffff)
        {
            return PacketVerdict.Malformed;
        }

        switch (BinaryPrimitives.ReadUInt16BigEndian(message))
        {
            case Request when IsUnicast(packet.Slice(Destination, AddressLength)):
                ToReply(message);
                Turn(packet);
                length = packet.Length;
                return PacketVerdict.Answered;
            case Solicitation:
                return Advertise(packet, out length);
            default:
                return PacketVerdict.Ignored;
        }
    }

    // As with IPv4: only the first fragment has the type, the others go back as they are.
    private static PacketVerdict AnswerFragment(Span<byte> packet, out int length)
    {
        length = 0;
        Span<byte> fragment = packet[Header..];
        if (fragment.Length <= FragmentHeaderLength)
        {
            return PacketVerdict.Malformed;
        }

        ushort place = BinaryPrimitives.ReadUInt16BigEndian(fragment[2..]);
        Span<byte> message = fragment[FragmentHeaderLength..];
        if (fragment[0] != Icmp || !IsUnicast(packet.Slice(Destination, AddressLength)))
        {
            return PacketVerdict.Ignored;
        }

        if ((place & FragmentOffset) == 0)
        {
            if (message.Length < IcmpHeader
                || ((place & MoreFragments) == 0
                    && InternetChecksum.Sum(message, PseudoHeader(packet, message.Length)) != 0xffff))
            {
                return PacketVerdict.Malformed;
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(message) != Request)
            {
                return PacketVerdict.Ignored;
            }

            ToReply(message);
        }

        Turn(packet);
        length = packet.Length;
        return PacketVerdict.Answered;
    }

    // Addresses that change places leave the sum of the pseudo header as it is.
    private static void ToReply(Span<byte> message)
    {
        Span<byte> checksum = message[Checksum..];
        BinaryPrimitives.WriteUInt16BigEndian(message, Reply);
        BinaryPrimitives.WriteUInt16BigEndian(
            checksum, InternetChecksum.Update(BinaryPrimitives.ReadUInt16BigEndian(checksum), Request, Reply));
    }

    private static void Turn(Span<byte> packet)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        packet.Slice(Source, AddressLength).CopyTo(address);
        packet.Slice(Destination, AddressLength).CopyTo(packet[Source..]);
        address.CopyTo(packet[Destination..]);
        packet[HopLimit] = EchoResponder.HopLimit;
    }

    // The link has no addresses of its own, so the advertisement has no options.
    private static PacketVerdict Advertise(Span<byte> packet, out int length)
    {
        length = 0;
        Span<byte> message = packet[Header..];
        if (packet[HopLimit] != OnLink || message.Length < NeighbourLength || !AreOptionsValid(message[NeighbourLength..]))
        {
            return PacketVerdict.Malformed;
        }

        Span<byte> target = message.Slice(Target, AddressLength);
        if (!IsUnicast(target))
        {
            return PacketVerdict.Malformed;
        }

        packet.Slice(Source, AddressLength).CopyTo(packet[Destination..]);
        target.CopyTo(packet[Source..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[PayloadLength..], NeighbourLength);
        message = message[..NeighbourLength];
        message[..Target].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message, Advertisement);
        message[4] = SolicitedAndOverride;
        BinaryPrimitives.WriteUInt16BigEndian(
            message[Checksum..], (ushort)~InternetChecksum.Sum(message, PseudoHeader(packet, NeighbourLength)));
        length = Header + NeighbourLength;
        return PacketVerdict.Answered;
    }

    private static bool AreOptionsValid(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            // Length in units of 8 bytes; 0 would never end.
            int length = options.Length < 2 ? 0 : options[1] * 8;
            if (length == 0 || length > options.Length)
            {
                return false;
            }

            options = options[length..];
        }

        return true;
    }

    private static uint PseudoHeader(ReadOnlySpan<byte> packet, int length) =>
        InternetChecksum.Sum(packet.Slice(Source, 2 * AddressLength), (uint)length + Icmp);

    // Neither multicast nor the unspecified address.
    private static bool IsUnicast(ReadOnlySpan<byte> address) => address[0] != 0xff && address.ContainsAnyExcept((byte)0);
}
