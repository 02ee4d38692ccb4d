using System.Linq;
using System.Net;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Network;

public sealed class RawIpFunctionTests
{
    private static readonly byte[] s_body = [0, 7, 0, 1, .. Enumerable.Range(0, 57).Select(i => (byte)i)];

    private readonly RawIpFunction _function = new();
    private readonly PacketDownlink _downlink = new();

    [Theory]
    [InlineData("10.9.8.2", "10.9.8.1")]
    [InlineData("192.168.1.1", "8.8.8.8")]
    public void Ipv4EchoRequest_ToAnyAddress_IsAnsweredByIt(string source, string destination)
    {
        byte[] answer = Answer(Packets.Ipv4(source, destination, Packets.EchoRequest4, s_body));

        Assert.True(Packets.IsWellFormed(answer));
        Assert.Equal(IPAddress.Parse(destination).GetAddressBytes(), answer[12..16]);
        Assert.Equal(IPAddress.Parse(source).GetAddressBytes(), answer[16..20]);
        Assert.Equal(64, answer[8]);
        Assert.Equal(0, answer[20]);
        Assert.Equal(s_body, answer[24..]);
        Assert.Equal(1, _function.Answered);
    }

    [Theory]
    [InlineData("fd00:9:8::2", "fd00:9:8::1")]
    [InlineData("2001:db8::1", "2606:4700::1111")]
    public void Ipv6EchoRequest_ToAnyAddress_IsAnsweredByIt(string source, string destination)
    {
        byte[] answer = Answer(Packets.Ipv6(source, destination, Packets.EchoRequest6, s_body));

        Assert.True(Packets.IsWellFormed(answer));
        Assert.Equal(IPAddress.Parse(destination).GetAddressBytes(), answer[8..24]);
        Assert.Equal(IPAddress.Parse(source).GetAddressBytes(), answer[24..40]);
        Assert.Equal(129, answer[40]);
        Assert.Equal(s_body, answer[44..]);
    }

    [Fact]
    public void Padding_BehindThePacket_IsNotSentBack()
    {
        byte[] request = Packets.Ipv4("10.0.0.1", "10.0.0.2", Packets.EchoRequest4, s_body);

        Assert.Equal(request.Length, Answer([.. request, 1, 2, 3]).Length);
    }

    [Fact]
    public void NeighbourSolicitation_IsAnsweredByItsTarget()
    {
        byte[] target = IPAddress.Parse("fe80::77").GetAddressBytes();
        byte[] answer = Answer(
            Packets.Ipv6("fe80::1", "ff02::1:ff00:77", Packets.NeighbourSolicitation, [0, 0, 0, 0, .. target, 1, 1, 0, 0, 0, 0, 0, 0], hopLimit: 255));

        Assert.True(Packets.IsWellFormed(answer));
        Assert.Equal(target, answer[8..24]);
        Assert.Equal(IPAddress.Parse("fe80::1").GetAddressBytes(), answer[24..40]);
        Assert.Equal(255, answer[7]);
        Assert.Equal(new byte[] { 136, 0 }, answer[40..42]);
        Assert.Equal([0x60, 0, 0, 0, .. target], answer[44..]);
    }

    [Fact]
    public void SearchForADuplicateAddress_IsLeftUnanswered()
    {
        byte[] target = IPAddress.Parse("fe80::77").GetAddressBytes();

        AssertIgnored(Packets.Ipv6("::", "ff02::1:ff00:77", Packets.NeighbourSolicitation, [0, 0, 0, 0, .. target], hopLimit: 255));
    }

    [Fact]
    public void SolicitationFromElsewhere_OrWithAnEmptyOption_IsMalformed()
    {
        byte[] target = IPAddress.Parse("fe80::77").GetAddressBytes();

        AssertMalformed(Packets.Ipv6("fe80::1", "fe80::77", Packets.NeighbourSolicitation, [0, 0, 0, 0, .. target], hopLimit: 254));
        AssertMalformed(Packets.Ipv6("fe80::1", "fe80::77", Packets.NeighbourSolicitation, [0, 0, 0, 0, .. target, 1, 0, 0, 0, 0, 0, 0, 0], 255));
        AssertMalformed(Packets.Ipv6("fe80::1", "fe80::77", Packets.NeighbourSolicitation, [0, 0, 0, 0, .. target[..8]], hopLimit: 255));
    }

    [Fact]
    public void Fragments_PutTogetherAgain_AreTheReply()
    {
        byte[] body = [.. Enumerable.Range(0, 2044).Select(i => (byte)(i * 7))];
        byte[] message = Packets.Ipv4("10.0.0.1", "10.0.0.2", Packets.EchoRequest4, body)[20..];
        byte[] first = Packets.Ipv4("10.0.0.1", "10.0.0.2", 0, message[..1480], fragment: 0x2000, isFirst: false);
        byte[] second = Packets.Ipv4("10.0.0.1", "10.0.0.2", 0, message[1480..], fragment: 1480 / 8, isFirst: false);

        byte[] joined = [.. Answer(first)[20..], .. Answer(second)[20..]];

        Assert.Equal(0, Packets.Checksum(joined));
        Assert.Equal(0, joined[0]);
        Assert.Equal(body, joined[4..]);
        Assert.All(_downlink.Packets, packet => Assert.True(Packets.IsWellFormed(packet)));
    }

    [Theory]
    [InlineData("10.0.0.1", "255.255.255.255")]
    [InlineData("10.0.0.1", "224.0.0.1")]
    [InlineData("0.0.0.0", "10.0.0.1")]
    [InlineData("127.0.0.1", "0.0.0.0")]
    public void Ipv4_OtherThanUnicast_IsLeftUnanswered(string source, string destination) =>
        AssertIgnored(Packets.Ipv4(source, destination, Packets.EchoRequest4, s_body));

    [Fact]
    public void OtherMessages_AreLeftUnanswered()
    {
        AssertIgnored(Packets.Ipv4("10.0.0.1", "10.0.0.2", 0, s_body));
        AssertIgnored(Packets.Ipv6("fe80::1", "fe80::2", 133, s_body));
        AssertIgnored(Packets.Ipv6("fe80::1", "ff02::1", Packets.EchoRequest6, s_body));
    }

    [Fact]
    public void EveryPacketCutShort_IsMalformed()
    {
        foreach (byte[] request in new[]
        {
            Packets.Ipv4("10.0.0.1", "10.0.0.2", Packets.EchoRequest4, s_body),
            Packets.Ipv6("fe80::1", "fe80::2", Packets.EchoRequest6, s_body),
        })
        {
            for (int length = 0; length < request.Length; length++)
            {
                AssertMalformed(request[..length]);
            }
        }
    }

    [Fact]
    public void WrongChecksum_IsMalformed()
    {
        byte[] ipv4 = Packets.Ipv4("10.0.0.1", "10.0.0.2", Packets.EchoRequest4, s_body);
        byte[] ipv6 = Packets.Ipv6("fe80::1", "fe80::2", Packets.EchoRequest6, s_body);
        ipv4[^1] ^= 1;
        ipv6[^1] ^= 1;

        AssertMalformed(ipv4);
        AssertMalformed(ipv6);
        AssertMalformed([0x41, 0, 0, 4]);
        AssertMalformed(new byte[70_000]);
    }

    [Fact]
    public void HostWithoutBuffers_KeepsItsPacket()
    {
        _downlink.CanSend = false;

        Assert.False(_function.OnUplink(Packets.Ipv4("10.0.0.1", "10.0.0.2", Packets.EchoRequest4, s_body), _downlink));
        Assert.Equal(0, _function.Answered);
    }

    private byte[] Answer(byte[] packet)
    {
        int before = _downlink.Packets.Count;
        Assert.True(_function.OnUplink(packet, _downlink));
        Assert.Equal(before + 1, _downlink.Packets.Count);
        return _downlink.Packets[^1];
    }

    private void AssertIgnored(byte[] packet)
    {
        long before = _function.Ignored;
        Assert.True(_function.OnUplink(packet, _downlink));
        Assert.Equal(before + 1, _function.Ignored);
        Assert.Empty(_downlink.Packets);
    }

    private void AssertMalformed(byte[] packet)
    {
        long before = _function.Malformed;
        Assert.True(_function.OnUplink(packet, _downlink));
        Assert.Equal(before + 1, _function.Malformed);
        Assert.Empty(_downlink.Packets);
    }
}
