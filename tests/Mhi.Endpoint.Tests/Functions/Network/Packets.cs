using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;

namespace Mhi.Endpoint.Tests.Functions.Network;

/// <summary>Packets written by hand, and their parts read back, without the code under test.</summary>
internal static class Packets
{
    internal const byte EchoRequest4 = 8;
    internal const byte EchoRequest6 = 128;
    internal const byte NeighbourSolicitation = 135;

    internal static byte[] Ipv4(string source, string destination, byte type, byte[] body, ushort fragment = 0, bool isFirst = true)
    {
        byte[] message = isFirst ? Icmp(type, body, []) : body;
        byte[] packet =
        [
            0x45, 0, 0, 0, 0x12, 0x34, (byte)(fragment >> 8), (byte)fragment, 17, 1, 0, 0,
            .. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes(), .. message,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, 20)));
        return packet;
    }

    internal static byte[] Ipv6(string source, string destination, byte type, byte[] body, byte hopLimit = 64)
    {
        byte[] addresses = [.. IPAddress.Parse(source).GetAddressBytes(), .. IPAddress.Parse(destination).GetAddressBytes()];
        byte[] message = Icmp(type, body, [.. addresses, 0, 0, (byte)((body.Length + 4) >> 8), (byte)(body.Length + 4), 0, 0, 0, 58]);
        return [0x60, 0, 0, 0, (byte)(message.Length >> 8), (byte)message.Length, 58, hopLimit, .. addresses, .. message];
    }

    /// <summary>Whether all checksums of a packet are right, and its length is what it says.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> packet)
    {
        if (packet[0] >> 4 == 4)
        {
            int header = (packet[0] & 15) * 4;
            int fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff;
            return BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == packet.Length
                && Checksum(packet[..header]) == 0
                && (fragment != 0 || Checksum(packet[header..]) == 0);
        }

        int length = packet.Length - 40;
        byte[] pseudo = [.. packet[8..40], 0, 0, (byte)(length >> 8), (byte)length, 0, 0, 0, 58, .. packet[40..]];
        return packet[0] >> 4 == 6
            && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == length
            && (packet[6] == 44 || Checksum(pseudo) == 0);
    }

    internal static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += (ulong)bytes[i] << (i % 2 == 0 ? 8 : 0);
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>A block as the Linux driver makes it, for one or several sessions: tables first, then datagrams.</summary>
    internal static byte[] Block(params (byte Session, byte[][] Datagrams)[] tables)
    {
        int offset = 12;
        foreach ((_, byte[][] datagrams) in tables)
        {
            offset += 12 + (4 * datagrams.Length);
        }

        List<byte> header = [.. "NCMH"u8, 12, 0, 0, 0, 0, 0, 12, 0];
        List<byte> payload = [];
        for (int i = 0; i < tables.Length; i++)
        {
            (byte session, byte[][] datagrams) = tables[i];
            int length = 12 + (4 * datagrams.Length);
            int next = i + 1 < tables.Length ? header.Count + length : 0;
            header.AddRange([.. "IPS"u8, session, (byte)length, (byte)(length >> 8), (byte)next, (byte)(next >> 8)]);
            foreach (byte[] datagram in datagrams)
            {
                int index = offset + payload.Count;
                header.AddRange([(byte)index, (byte)(index >> 8), (byte)datagram.Length, (byte)(datagram.Length >> 8)]);
                payload.AddRange(datagram);
            }

            header.AddRange([0, 0, 0, 0]);
        }

        byte[] block = [.. header, .. payload];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(8), (ushort)block.Length);
        return block;
    }

    /// <summary>Datagrams of a block with their sessions. Throws what an index out of range throws when the block is wrong.</summary>
    internal static List<(byte Session, byte[] Datagram)> Unpack(byte[] block)
    {
        List<(byte, byte[])> all = [];
        if (!block.AsSpan(0, 6).SequenceEqual((ReadOnlySpan<byte>)[.. "NCMH"u8, 12, 0]) || Word(block, 8) != block.Length)
        {
            throw new FormatException("The header of the block is wrong.");
        }

        int end = 12;
        for (int table = Word(block, 10); table != 0; table = Word(block, table + 6))
        {
            int length = Word(block, table + 4);
            if (table % 4 != 0 || table < end || length % 4 != 0 || length < 16 || !block.AsSpan(table, 3).SequenceEqual("IPS"u8))
            {
                throw new FormatException("A table of the block is wrong.");
            }

            end = table + length;
            int entry = table + 8;
            for (; Word(block, entry) != 0; entry += 4)
            {
                if (Word(block, entry) < end)
                {
                    throw new FormatException("Datagrams overlap.");
                }

                byte[] datagram = block.AsSpan(Word(block, entry), Word(block, entry + 2)).ToArray();
                end = Word(block, entry) + datagram.Length;
                all.Add((block[table + 3], datagram));
            }

            if (entry + 4 > table + length || IsEmpty(table, entry))
            {
                throw new FormatException("A table of the block has no end, or no datagrams.");
            }
        }

        return all;

        static bool IsEmpty(int table, int entry) => entry == table + 8;
    }

    private static ushort Word(byte[] block, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(offset));

    private static byte[] Icmp(byte type, byte[] body, byte[] pseudoHeader)
    {
        byte[] message = [type, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum([.. pseudoHeader, .. message]));
        return message;
    }
}
