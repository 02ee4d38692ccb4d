using System;
using System.Buffers.Binary;
using System.Linq;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Network;

public sealed class MbimNetworkFunctionTests
{
    private static readonly byte[] s_ping4 = Packets.Ipv4("10.9.8.2", "10.9.8.1", Packets.EchoRequest4, [0, 1, 0, 1, 5]);
    private static readonly byte[] s_ping6 = Packets.Ipv6("fd00::2", "fd00::1", Packets.EchoRequest6, [0, 1, 0, 1, 5, 6, 7]);
    private static readonly byte[] s_other = Packets.Ipv6("fe80::1", "ff02::2", 133, [0, 0, 0, 0]);

    private readonly MbimNetworkFunction _function = new();
    private readonly PacketDownlink _downlink = new();

    [Fact]
    public void Ping_IsAnsweredInABlockOfTheSameSession()
    {
        Assert.True(_function.OnUplink(Packets.Block((112, [s_ping4])), _downlink));

        (byte session, byte[] answer) = Assert.Single(Packets.Unpack(Assert.Single(_downlink.Packets)));
        Assert.Equal(112, session);
        Assert.Equal(s_ping4.Length, answer.Length);
        Assert.True(Packets.IsWellFormed(answer));
        Assert.Equal(s_ping4[12..16], answer[16..20]);
    }

    [Fact]
    public void AllDatagramsOfAllTables_AreAnswered_OthersLeftOut()
    {
        Assert.True(_function.OnUplink(
            Packets.Block((0, [s_ping4, s_other, s_ping6]), (3, [s_other]), (7, [s_ping6, s_ping4, s_ping4])), _downlink));

        var answers = Packets.Unpack(Assert.Single(_downlink.Packets));
        Assert.Equal([0, 0, 7, 7, 7], answers.Select(answer => (int)answer.Session));
        Assert.Equal([4, 6, 6, 4, 4], answers.Select(answer => answer.Datagram[0] >> 4));
        Assert.All(answers, answer => Assert.True(Packets.IsWellFormed(answer.Datagram)));
        Assert.Equal((5, 2, 0), (_function.Answered, _function.Ignored, _function.Malformed));
    }

    [Fact]
    public void BlockWithNothingToAnswer_GetsNoBlock()
    {
        Assert.True(_function.OnUplink(Packets.Block((0, [s_other])), _downlink));

        Assert.Empty(_downlink.Packets);
    }

    [Fact]
    public void Sequence_CountsBlocks_AndBeginsAnewWithTheChannel()
    {
        byte[] block = Packets.Block((0, [s_ping4]));
        _ = _function.OnUplink(block, _downlink);
        _ = _function.OnUplink(block, _downlink);
        _function.OnStarted();
        _ = _function.OnUplink(block, _downlink);

        Assert.Equal([0, 1, 0], _downlink.Packets.Select(packet => (int)BinaryPrimitives.ReadUInt16LittleEndian(packet.AsSpan(6))));
    }

    [Fact]
    public void LengthOfZero_LeavesItToTheTransfer()
    {
        byte[] block = Packets.Block((0, [s_ping4]));
        block[8] = 0;

        _ = _function.OnUplink(block, _downlink);

        Assert.Single(_downlink.Packets);
    }

    [Theory]
    [InlineData(0, 0x4f)] // signature
    [InlineData(4, 13)] // header length
    [InlineData(8, 255)] // block longer than the transfer
    [InlineData(8, 11)] // block shorter than its header
    [InlineData(10, 0)] // no table
    [InlineData(10, 8)] // table inside the header
    [InlineData(10, 14)] // table not aligned
    [InlineData(10, 200)] // table behind the block
    [InlineData(16, 12)] // table too short
    [InlineData(16, 18)] // table no whole number of entries
    [InlineData(16, 252)] // table longer than the block
    [InlineData(18, 12)] // chain in a circle
    [InlineData(20, 8)] // datagram inside the header
    [InlineData(20, 60)] // datagram begins behind the block
    [InlineData(22, 250)] // datagram ends behind the block
    [InlineData(24, 28)] // table without an end
    public void WrongField_DropsTheBlock(int offset, byte value)
    {
        byte[] block = Packets.Block((0, [s_ping4]));
        block[offset] = value;
        if (offset == 24)
        {
            block[26] = 1;
        }

        Assert.True(_function.OnUplink(block, _downlink));
        Assert.Empty(_downlink.Packets);
        Assert.Equal(1, _function.Malformed);
    }

    [Fact]
    public void EveryBlockCutShort_IsDropped()
    {
        byte[] block = Packets.Block((0, [s_ping4]), (1, [s_ping6]));
        for (int length = 0; length < block.Length; length++)
        {
            Assert.True(_function.OnUplink(block.AsSpan(0, length), _downlink));
        }

        Assert.Empty(_downlink.Packets);
        Assert.Equal(block.Length, _function.Malformed);
    }

    [Fact]
    public void OneDatagramNamedManyTimes_DropsTheBlock()
    {
        byte[] block = Packets.Block((0, [s_ping4, s_ping4, s_ping4]));
        for (int entry = 20; entry < 32; entry += 4)
        {
            block[20..22].CopyTo(block, entry);
            block[entry + 2] = 80;
        }

        _ = _function.OnUplink(block, _downlink);

        Assert.Empty(_downlink.Packets);
        Assert.Equal(1, _function.Malformed);
    }

    [Fact]
    public void TableOfAnotherKind_IsLeftUnanswered()
    {
        byte[] block = Packets.Block((0, [s_ping4, s_ping4]));
        "DSS"u8.CopyTo(block.AsSpan(12));

        _ = _function.OnUplink(block, _downlink);

        Assert.Empty(_downlink.Packets);
        Assert.Equal(2, _function.Ignored);
    }

    [Fact]
    public void BlockOfGreatestLength_IsAnsweredAsFarAsItFits()
    {
        // 29 bytes each: with its entry and padding every answer takes three bytes more than its request.
        byte[][] datagrams = [.. Enumerable.Repeat(Packets.Ipv4("10.0.0.1", "10.0.0.2", 8, [0, 0, 0, 0, 1]), 1984)];
        Assert.True(_function.OnUplink(Packets.Block((0, datagrams)), _downlink));

        var answers = Packets.Unpack(Assert.Single(_downlink.Packets));
        Assert.Equal(1984, answers.Count + _function.Ignored);
        Assert.True(_function.Ignored > 0);
        Assert.All(answers, answer => Assert.True(Packets.IsWellFormed(answer.Datagram)));
    }

    [Fact]
    public void HostWithoutBuffers_KeepsItsBlock()
    {
        _downlink.CanSend = false;

        Assert.False(_function.OnUplink(Packets.Block((0, [s_ping4])), _downlink));
        Assert.Equal(0, _function.Answered);
    }

    [Fact]
    public void Traffic_AfterTheStart_AllocatesNothing()
    {
        byte[] block = Packets.Block((0, [s_ping4, s_other, s_ping6]), (3, [s_ping6]));
        var raw = new RawIpFunction();
        var downlink = new CountingDownlink();
        long allocated = Allocated.FewestBytes(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                _ = _function.OnUplink(block, downlink);
                _ = _function.OnUplink(block.AsSpan(0, block.Length - 1), downlink);
                _ = raw.OnUplink(s_ping4, downlink);
                _ = raw.OnUplink(s_ping6, downlink);
                _ = raw.OnUplink(s_other, downlink);
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(5 * 50 * 3, downlink.Packets);
    }
}
