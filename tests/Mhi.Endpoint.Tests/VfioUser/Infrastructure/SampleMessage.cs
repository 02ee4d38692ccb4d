using System;
using System.Collections.Generic;
using System.Text;
using Mhi.Pci.VfioUser.Protocol;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>One good message of each kind, with the places of its fields, for tests that spoil them.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">The message, header included.</param>
/// <param name="Fields">Offset and length of each field, header included.</param>
/// <param name="Descriptors">How many descriptors go with it.</param>
internal sealed record SampleMessage(string Name, byte[] Bytes, (int Offset, int Length)[] Fields, int Descriptors)
{
    private static readonly (int, int)[] s_header = [(0, 2), (2, 2), (4, 4), (8, 4), (12, 4)];

    /// <summary>All kinds, in an order in which all of them succeed.</summary>
    internal static IReadOnlyList<SampleMessage> All { get; } =
    [
        Create("VERSION", 1, [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(VfioUserClient.Capabilities), 0], 0, 2, 2, 1, 1, 14, 30),
        Create("DMA_MAP with descriptor", 2, [.. Words(32, 3), .. Longs(0x1000, 0x10_0000, 0x2000)], 1, 4, 4, 8, 8, 8),
        Create("DMA_MAP without descriptor", 2, [.. Words(32, 1), .. Longs(0, 0x20_0000, 0x2000)], 0, 4, 4, 8, 8, 8),
        Create("DEVICE_GET_INFO", 4, Words(16, 0, 0, 0), 0, 4, 4, 4, 4),
        Create("DEVICE_GET_REGION_INFO", 5, [.. Words(32, 0, 7, 0), .. Longs(0, 0)], 0, 4, 4, 4, 4, 8, 8),
        Create("DEVICE_GET_IRQ_INFO", 7, Words(16, 0, 1, 0), 0, 4, 4, 4, 4),
        Create("DEVICE_SET_IRQS with descriptors", 8, Words(20, 0x24, 1, 0, 3), 3, 4, 4, 4, 4, 4),
        Create("DEVICE_SET_IRQS fires by number", 8, Words(20, 0x21, 1, 0, 2), 0, 4, 4, 4, 4, 4),
        Create("DEVICE_SET_IRQS fires by flags", 8, [.. Words(20, 0x22, 1, 1, 2), 1, 0], 0, 4, 4, 4, 4, 4, 1, 1),
        Create("DEVICE_SET_IRQS off", 8, Words(20, 0x21, 1, 0, 0), 0, 4, 4, 4, 4, 4),
        Create("REGION_READ of configuration", 9, VfioUserClient.Access(7, 0, 4096), 0, 8, 4, 4),
        Create("REGION_READ of the BAR", 9, VfioUserClient.Access(0, 0x48, 4), 0, 8, 4, 4),
        Create("REGION_WRITE of configuration", 10, [.. VfioUserClient.Access(7, 4, 2), 6, 0], 0, 8, 4, 4, 2),
        Create("REGION_WRITE of the BAR", 10, [.. VfioUserClient.Access(0, 0x58, 8), .. Longs(0x10_0000)], 0, 8, 4, 4, 8),
        Create("DMA_UNMAP", 3, [.. Words(24, 0), .. Longs(0x20_0000, 0x2000)], 0, 4, 4, 8, 8),
        Create("DEVICE_RESET", 13, [], 0),
    ];

    private static byte[] Words(params uint[] values)
    {
        var bytes = new List<byte>();
        Array.ForEach(values, value => bytes.AddRange(VfioUserClient.Bytes(value)));
        return [.. bytes];
    }

    private static byte[] Longs(params ulong[] values)
    {
        var bytes = new List<byte>();
        Array.ForEach(values, value => bytes.AddRange(VfioUserClient.Bytes(value)));
        return [.. bytes];
    }

    private static SampleMessage Create(string name, int command, byte[] payload, int descriptors, params int[] fields)
    {
        byte[] bytes = new byte[MessageHeader.Size + payload.Length];
        new MessageHeader(77, (VfioUserCommand)command, (uint)bytes.Length, MessageHeader.TypeCommand, 0).Write(bytes);
        payload.CopyTo(bytes, MessageHeader.Size);
        var places = new List<(int, int)>(s_header);
        int offset = MessageHeader.Size;
        foreach (int length in fields)
        {
            places.Add((offset, length));
            offset += length;
        }

        return new SampleMessage(name, bytes, [.. places], descriptors);
    }
}
