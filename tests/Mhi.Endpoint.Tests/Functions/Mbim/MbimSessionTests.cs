using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Mbim;

/// <summary>Data sessions: CONNECT and IP_CONFIGURATION.</summary>
public sealed class MbimSessionTests
{
    private const uint Radio = 3;
    private const uint PacketService = 10;
    private const uint Connect = 12;
    private const uint IpConfiguration = 15;
    private const uint NotActivated = 16;
    private const uint InvalidParameters = 21;

    // internet: 7e5e2a7e-4e6f-7272-736b-656e7e5e2a7e; none: b43f758c-a560-4b46-b35e-c5869641fb54.
    private static readonly uint[] s_internet = [0x7e2a5e7e, 0x72726f4e, 0x6e656b73, 0x7e2a5e7e];
    private static readonly uint[] s_none = [0x8c753fb4, 0x464b60a5, 0x86c55eb3, 0x54fb4196];

    private readonly MbimHost _host = MbimHost.Opened();

    [Fact]
    public void Session_IsActivatedAndDeactivated()
    {
        Assert.Equal([2, 3, 0, 0, .. s_none, 0], MbimHost.Words(_host.Info(Connect, MbimHost.Query, 2)));

        Assert.Equal([2, 1, 0, 1, .. s_internet, 0], MbimHost.Words(_host.Info(Connect, MbimHost.Set, Request(2, 1, 1))));
        Assert.Equal([2, 1, 0, 1, .. s_internet, 0], MbimHost.Words(_host.Info(Connect, MbimHost.Query, 2)));
        Assert.Equal([0, 3, 0, 0, .. s_none, 0], MbimHost.Words(_host.Info(Connect, MbimHost.Query, 0)));

        Assert.Equal([2, 3, 0, 0, .. s_none, 0], MbimHost.Words(_host.Info(Connect, MbimHost.Set, Request(2, 0, 0))));
        Assert.Equal(NotActivated, _host.Status(Connect, MbimHost.Set, Request(2, 0, 0)));
    }

    [Fact]
    public void Session_NeedsRadioAndPacketService()
    {
        _ = _host.Info(PacketService, MbimHost.Set, 1);
        Assert.Equal(12u, _host.Status(Connect, MbimHost.Set, Request(0, 1, 0)));
        _ = _host.Info(Radio, MbimHost.Set, 0);
        Assert.Equal(20u, _host.Status(Connect, MbimHost.Set, Request(0, 1, 0)));
    }

    [Theory]
    [InlineData(Radio, 0u)]
    [InlineData(PacketService, 1u)]
    public void LossOfTheNetwork_EndsSessions(uint cid, uint action)
    {
        _ = _host.Info(Connect, MbimHost.Set, Request(0, 1, 0));

        _ = _host.Info(cid, MbimHost.Set, action);

        Assert.Equal(3u, MbimHost.Words(_host.Info(Connect, MbimHost.Query, 0))[1]);
    }

    [Fact]
    public void Close_EndsSessions()
    {
        _ = _host.Info(Connect, MbimHost.Set, Request(0, 1, 0));

        _ = _host.Ask(MbimHost.Message(2, 1));
        _ = _host.Ask(MbimHost.Message(1, 2, 4096));

        Assert.Equal(3u, MbimHost.Words(_host.Info(Connect, MbimHost.Query, 0))[1]);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(4u)]
    public void ConfigurationOfBothProtocols_HasAddressGatewayAndMtuOfEach(uint ipType)
    {
        _ = _host.Info(Connect, MbimHost.Set, Request(5, 1, ipType));

        byte[] info = _host.Info(IpConfiguration, MbimHost.Query, [5, .. new uint[14]]);

        Assert.Equal([5, 11, 11, 1, 60, 1, 68, 88, 92, 0, 0, 0, 0, 1500, 1500], MbimHost.Words(info[..60]));
        Assert.Equal([30, 0, 0, 0, 198, 18, 5, 2], info[60..68]);
        Assert.Equal([64, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2], info[68..88]);
        Assert.Equal([198, 18, 5, 1], info[88..92]);
        Assert.Equal([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1], info[92..]);
    }

    [Fact]
    public void ConfigurationOfOneProtocol_HasNothingOfTheOther()
    {
        _ = _host.Info(Connect, MbimHost.Set, Request(0, 1, 1));
        byte[] ipv4 = _host.Info(IpConfiguration, MbimHost.Query, 0);
        Assert.Equal([0, 11, 0, 1, 60, 0, 0, 68, 0, 0, 0, 0, 0, 1500, 0], MbimHost.Words(ipv4[..60]));
        Assert.Equal(72, ipv4.Length);

        _ = _host.Info(Connect, MbimHost.Set, Request(1, 1, 2));
        byte[] ipv6 = _host.Info(IpConfiguration, MbimHost.Query, 1);
        Assert.Equal([1, 0, 11, 0, 0, 1, 60, 0, 80, 0, 0, 0, 0, 0, 1500], MbimHost.Words(ipv6[..60]));
        Assert.Equal(96, ipv6.Length);

        Assert.Equal(NotActivated, _host.Status(IpConfiguration, MbimHost.Query, 2));
    }

    [Fact]
    public void ParametersThatMakeNoSense_AreInvalid()
    {
        Assert.Equal(InvalidParameters, _host.Status(Connect, MbimHost.Query));
        Assert.Equal(InvalidParameters, _host.Status(Connect, MbimHost.Query, 8));
        Assert.Equal(InvalidParameters, _host.Status(IpConfiguration, MbimHost.Query, 8));
        uint[] good = Request(0, 1, 0);
        foreach ((int word, uint value) in new[] { (0, 8u), (1, 2u), (3, 61u), (5, 3u), (6, 0xffff_fffcu), (10, 5u) })
        {
            uint[] bad = [.. good];
            bad[word] = value;
            Assert.Equal(InvalidParameters, _host.Status(Connect, MbimHost.Set, bad));
        }

        Assert.Equal(InvalidParameters, _host.Status(Connect, MbimHost.Set, good[..14]));
        Assert.Equal(3u, MbimHost.Words(_host.Info(Connect, MbimHost.Query, 0))[1]);
    }

    // Session, command, access string (one character), user name and password of none, compression, authentication, IP type, context type.
    private static uint[] Request(uint session, uint command, uint ipType) =>
        [session, command, 60, 2, 0, 0, 0, 0, 0, 0, ipType, .. s_internet, 'a'];
}
