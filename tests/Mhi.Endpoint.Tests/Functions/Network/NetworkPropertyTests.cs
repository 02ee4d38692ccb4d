using System;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Network;

public sealed class NetworkPropertyTests
{
    private static readonly byte[] s_ping4 = Packets.Ipv4("10.9.8.2", "10.9.8.1", Packets.EchoRequest4, [0, 1, 0, 1, 5, 6]);
    private static readonly byte[] s_ping6 = Packets.Ipv6("fd00::2", "fd00::1", Packets.EchoRequest6, [0, 1, 0, 1, 5, 6, 7]);
    private static readonly byte[] s_solicitation =
        Packets.Ipv6("fe80::1", "fe80::2", Packets.NeighbourSolicitation, [.. new byte[4], 0xfe, 0x80, .. new byte[13], 2], hopLimit: 255);

    private static readonly byte[][] s_blocks =
    [
        Packets.Block((0, [s_ping4])),
        Packets.Block((0, [s_ping4, s_ping6, s_solicitation]), (5, [s_ping6, s_ping4])),
    ];

    [Property(MaxTest = 2000)]
    public Property AnyBytes_ToARawChannel_AreAnsweredWellOrNotAtAll() =>
        Prop.ForAll(Spoiled([s_ping4, s_ping6, s_solicitation]).ToArbitrary(), packet => IsSane(new RawIpFunction(), packet, IsRawAnswer));

    [Property(MaxTest = 3000)]
    public Property AnyBytes_ToAnMbimChannel_AreAnsweredWellOrNotAtAll() =>
        Prop.ForAll(Spoiled(s_blocks).ToArbitrary(), packet => IsSane(new MbimNetworkFunction(), packet, IsBlockAnswer));

    // Found by the property above: one datagram whose length was spoiled to 0 is the end of an empty table.
    [Fact]
    public void BlockWithoutDatagrams_IsCountedAsIgnored()
    {
        byte[] block =
        [
            0x4e, 0x43, 0x4d, 0x48, 12, 0, 0, 0, 58, 0, 12, 0, 0x49, 0x50, 0x53, 0, 16, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0,
            .. new byte[30],
        ];
        var function = new MbimNetworkFunction();
        Assert.True(IsSane(function, block, IsBlockAnswer));
        Assert.Equal(1, function.Ignored);
    }

    // A good packet with some bytes changed and its end cut off, or no packet at all.
    private static Gen<byte[]> Spoiled(byte[][] good)
    {
        Gen<byte[]> changed =
            from packet in Gen.Elements(good)
            from changes in Gen.ListOf(Gen.Choose(0, (packet.Length * 256) - 1), 3)
            from length in Gen.Frequency((4, Gen.Constant(packet.Length)), (1, Gen.Choose(0, packet.Length)))
            select Spoil(packet, [.. changes], length);
        return Gen.Frequency((4, changed), (1, Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()));
    }

    private static byte[] Spoil(byte[] good, int[] changes, int length)
    {
        byte[] packet = [.. good];
        foreach (int change in changes)
        {
            packet[change / 256] = (byte)change;
        }

        return packet[..length];
    }

    private static bool IsSane(NetworkFunction function, byte[] packet, Func<byte[], bool> isAnswer)
    {
        var downlink = new PacketDownlink();
        byte[] before = [.. packet];
        bool taken = function.OnUplink(packet, downlink);
        return taken
            && downlink.Packets.Count <= 1
            && downlink.Packets.All(isAnswer)
            && packet.AsSpan().SequenceEqual(before)
            && (downlink.Packets.Count == 0 || function.Answered > 0)
            && function.Answered + function.Ignored + function.Malformed > 0;
    }

    private static bool IsRawAnswer(byte[] packet) => Packets.IsWellFormed(packet);

    private static bool IsBlockAnswer(byte[] packet) => Packets.Unpack(packet).TrueForAll(entry => Packets.IsWellFormed(entry.Datagram));
}
