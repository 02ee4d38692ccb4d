using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Network;

/// <summary>ICMP echo over IPv4 (RFC 791, RFC 792).</summary>
internal static class Ipv4Echo
{
    private const int MinHeader = 20;
    private const int TotalLength = 2;
    private const int Fragment = 6;
    private const int TimeToLive = 8;
    private const int Protocol = 9;
    private const int HeaderChecksum = 10;
    private const int Source = 12;
    private const int Destination = 16;
    private const int AddressLength = 4;

    private const byte Icmp = 1;
    private const int IcmpHeader = 8;
    private const int IcmpChecksum = 2;
    private const ushort Request = 0x0800;
    private const ushort Reply = 0;
    private const ushort MoreFragments = 0x2000;
    private const ushort FragmentOffset = 0x1fff;

    /// <summary>Turns an echo request into its reply, in place.</summary>
    /// <param name="packet">The packet, not empty.</param>
    /// <param name="length">Length of the reply.</param>
    /// <returns>What came of it.</returns>
    public static PacketVerdict Answer(Span<byte> packet, out int length)
    {
        length = 0;
        int header = (packet[0] & 0xf) * 4;
        if (header < MinHeader || packet.Length < header)
        {
            return PacketVerdict.Malformed;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[TotalLength..]);
        if (total < header || total > packet.Length || InternetChecksum.Sum(packet[..header]) != 0xffff)
        {
            return PacketVerdict.Malformed;
        }

        if (packet[Protocol] != Icmp || !IsUnicast(packet[Destination..]) || !IsUnicast(packet[Source..]))
        {
            return PacketVerdict.Ignored;
        }

        PacketVerdict verdict = AnswerMessage(packet[header..total], BinaryPrimitives.ReadUInt16BigEndian(packet[Fragment..]));
        if (verdict == PacketVerdict.Answered)
        {
            TurnHeader(packet[..header]);
            length = total;
        }

        return verdict;
    }

    private static PacketVerdict AnswerMessage(Span<byte> message, ushort fragment)
    {
        // The type stands in the first fragment, and changing it changes the checksum by a constant: the others go back as
        // they are. Requests are the only ICMP that a host sends in fragments here, for it is never sent a request.
        if ((fragment & FragmentOffset) != 0)
        {
            return message.IsEmpty ? PacketVerdict.Malformed : PacketVerdict.Answered;
        }

        if (message.Length < IcmpHeader
            || ((fragment & MoreFragments) == 0 && InternetChecksum.Sum(message) != 0xffff))
        {
            return PacketVerdict.Malformed;
        }

        if (BinaryPrimitives.ReadUInt16BigEndian(message) != Request)
        {
            return PacketVerdict.Ignored;
        }

        Span<byte> checksum = message[IcmpChecksum..];
        BinaryPrimitives.WriteUInt16BigEndian(message, Reply);
        BinaryPrimitives.WriteUInt16BigEndian(
            checksum, InternetChecksum.Update(BinaryPrimitives.ReadUInt16BigEndian(checksum), Request, Reply));
        return PacketVerdict.Answered;
    }

    private static void TurnHeader(Span<byte> header)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        header.Slice(Source, AddressLength).CopyTo(address);
        header.Slice(Destination, AddressLength).CopyTo(header[Source..]);
        address.CopyTo(header[Destination..]);
        header[TimeToLive] = EchoResponder.HopLimit;
        BinaryPrimitives.WriteUInt16BigEndian(header[HeaderChecksum..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[HeaderChecksum..], (ushort)~InternetChecksum.Sum(header));
    }

    // Neither 0.0.0.0/8 nor multicast nor broadcast (224.0.0.0 and up).
    private static bool IsUnicast(ReadOnlySpan<byte> address) => address[0] is > 0 and < 224;
}
