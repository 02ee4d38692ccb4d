using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Network;

/// <summary>The checksum of IP and ICMP: one's complement arithmetic on 16-bit words.</summary>
internal static class InternetChecksum
{
    /// <summary>The sum over the words of a message and of what was summed before. A message that is right sums to 0xffff.</summary>
    /// <param name="bytes">The message; an odd byte at its end counts as a word with a zero byte.</param>
    /// <param name="before">Sum so far.</param>
    /// <returns>The sum, of 16 bits.</returns>
    public static uint Sum(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        // At most 32768 words of 16 bits and what was before: no carry is lost.
        uint sum = before;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        if (!bytes.IsEmpty)
        {
            sum += (uint)bytes[0] << 8;
        }

        return Fold(sum);
    }

    /// <summary>The checksum after one word of the message has changed (RFC 1624).</summary>
    /// <param name="checksum">Checksum so far.</param>
    /// <param name="from">The word as it was.</param>
    /// <param name="to">The word as it is.</param>
    /// <returns>The new checksum.</returns>
    public static ushort Update(ushort checksum, ushort from, ushort to) =>
        (ushort)~Fold((uint)(ushort)~checksum + (ushort)~from + to);

    private static uint Fold(uint sum)
    {
        sum = (sum & 0xffff) + (sum >> 16);
        return (sum & 0xffff) + (sum >> 16);
    }
}
