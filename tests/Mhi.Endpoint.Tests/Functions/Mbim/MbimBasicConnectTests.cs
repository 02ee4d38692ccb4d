using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Mbim;

/// <summary>Device, SIM, radio and network (MBIM 1.0, section 10.5).</summary>
public sealed class MbimBasicConnectTests
{
    private const uint DeviceCaps = 1;
    private const uint Subscriber = 2;
    private const uint Radio = 3;
    private const uint Pin = 4;
    private const uint HomeProvider = 6;
    private const uint Register = 9;
    private const uint PacketService = 10;
    private const uint Signal = 11;
    private const uint PowerOff = 20;
    private const uint InvalidParameters = 21;

    private readonly MbimHost _host = MbimHost.Opened();

    [Fact]
    public void DeviceCaps_NameTheModem()
    {
        byte[] info = _host.Info(DeviceCaps);

        Assert.Equal([2, 1, 1, 1, 0x3f, 0, 1, 8, 0, 0], MbimHost.Words(info[..40]));
        Assert.Equal("001016000000013", MbimHost.Text(info, 40));
        Assert.Equal(AtModem.FoxconnT99W175.Revision, MbimHost.Text(info, 48));
        Assert.Equal("Foxconn T99W175", MbimHost.Text(info, 56));
        Assert.Equal(64u, BitConverter.ToUInt32(info, 40));
        Assert.Equal(0, info.Length % 4);
    }

    [Fact]
    public void Subscriber_IsInitialized_WithoutTelephoneNumbers()
    {
        byte[] info = _host.Info(Subscriber);

        Assert.Equal(1u, BitConverter.ToUInt32(info));
        Assert.Equal("001010000000001", MbimHost.Text(info, 4));
        Assert.Equal("89999010000000000013", MbimHost.Text(info, 12));
        Assert.Equal([0, 0], MbimHost.Words(info[20..28]));
    }

    [Fact]
    public void SimWithoutPin_IsUnlocked_AndTakesNone()
    {
        Assert.Equal([0, 0, uint.MaxValue], MbimHost.Words(_host.Info(Pin)));
        Assert.Equal(6u, _host.Status(Pin, MbimHost.Set, 2, 0, 24, 8, 0, 0));
    }

    [Fact]
    public void HomeProvider_IsTheTestNetwork()
    {
        byte[] info = _host.Info(HomeProvider);

        Assert.Equal("00101", MbimHost.Text(info, 0));
        Assert.Equal(1u | 8 | 16, BitConverter.ToUInt32(info, 8));
        Assert.Equal("Test network", MbimHost.Text(info, 12));
        Assert.Equal([1, 24, 99], MbimHost.Words(info[20..32]));
    }

    [Fact]
    public void Registration_IsAtHome_ByLte()
    {
        byte[] info = _host.Info(Register);

        Assert.Equal([0, 3, 1, 0x20, 1], MbimHost.Words(info[..20]));
        Assert.Equal("00101", MbimHost.Text(info, 20));
        Assert.Equal("Test network", MbimHost.Text(info, 28));
        Assert.Equal([0, 0, 0], MbimHost.Words(info[36..48]));
    }

    [Theory]
    [InlineData(0, 1u)]
    [InlineData(2, 2u)]
    [InlineData(3, 6u)]
    [InlineData(4, 0u)]
    [InlineData(5, 4u)]
    public void Registration_FollowsTheModem(byte registration, uint expected)
    {
        var host = new MbimHost(AtModem.FoxconnT99W175 with { Registration = registration });
        _ = host.Ask(MbimHost.Message(1, 1, 4096));

        Assert.Equal(expected, BitConverter.ToUInt32(host.Info(Register), 4));
    }

    [Fact]
    public void ManualRegistration_FindsOnlyTheTestNetwork()
    {
        Assert.Equal(2u, BitConverter.ToUInt32(_host.Info(Register, MbimHost.Set, ManualTo("00101")), 8));
        Assert.Equal(10u, _host.Status(Register, MbimHost.Set, ManualTo("26201")));
        Assert.Equal(2u, BitConverter.ToUInt32(_host.Info(Register), 8));
        Assert.Equal(1u, BitConverter.ToUInt32(_host.Info(Register, MbimHost.Set, 0, 0, 0, 0), 8));
    }

    [Fact]
    public void RadioOff_TakesTheNetworkAway_AndOnBringsItBack()
    {
        Assert.Equal([1, 1], MbimHost.Words(_host.Info(Radio)));
        Assert.Equal([1, 0], MbimHost.Words(_host.Info(Radio, MbimHost.Set, 0)));

        Assert.Equal([0, 1, 1, 0, 1, 0, 0, 0, 0], MbimHost.Words(_host.Info(Register))[..9]);
        Assert.Equal([0, 4, 0, 0, 0, 0, 0], MbimHost.Words(_host.Info(PacketService)));
        Assert.Equal([99, 99], MbimHost.Words(_host.Info(Signal))[..2]);
        Assert.Equal(1u, BitConverter.ToUInt32(_host.Info(HomeProvider), 8));
        Assert.Equal(PowerOff, _host.Status(PacketService, MbimHost.Set, 0));
        Assert.Equal(PowerOff, _host.Status(Register, MbimHost.Set, 0, 0, 0, 0));

        Assert.Equal([1, 1], MbimHost.Words(_host.Info(Radio, MbimHost.Set, 1)));
        Assert.Equal(2u, BitConverter.ToUInt32(_host.Info(PacketService), 4));
    }

    [Fact]
    public void PacketService_DetachesAndAttaches()
    {
        Assert.Equal([0, 2, 0x20, 50_000_000, 0, 150_000_000, 0], MbimHost.Words(_host.Info(PacketService)));
        Assert.Equal([0, 4, 0, 0, 0, 0, 0], MbimHost.Words(_host.Info(PacketService, MbimHost.Set, 1)));
        Assert.Equal(2u, BitConverter.ToUInt32(_host.Info(PacketService, MbimHost.Set, 0), 4));
    }

    [Fact]
    public void SignalThresholds_AreKept()
    {
        Assert.Equal([24, 99, 0, 0, 0], MbimHost.Words(_host.Info(Signal)));
        Assert.Equal([24, 99, 10, 3, 1], MbimHost.Words(_host.Info(Signal, MbimHost.Set, 10, 3, 1)));
        Assert.Equal([24, 99, 10, 3, 1], MbimHost.Words(_host.Info(Signal)));
    }

    [Theory]
    [InlineData(0, 0x01u)]
    [InlineData(2, 0x04u)]
    [InlineData(3, 0x02u)]
    [InlineData(4, 0x08u)]
    [InlineData(5, 0x10u)]
    [InlineData(6, 0x18u)]
    [InlineData(11, 0x80000000u)]
    public void DataClass_FollowsTheModem(byte technology, uint expected)
    {
        var host = new MbimHost(AtModem.FoxconnT99W175 with { AccessTechnology = technology });
        _ = host.Ask(MbimHost.Message(1, 1, 4096));

        Assert.Equal(expected, BitConverter.ToUInt32(host.Info(PacketService), 8));
    }

    [Fact]
    public void DeviceServices_ListBasicConnect_AndEveryCidListedIsKnown()
    {
        uint[] info = MbimHost.Words(_host.Info(16));

        Assert.Equal([1, 0, 16, (uint)(info.Length - 4) * 4, .. MbimHost.BasicConnect, 0, 0], info[..10]);
        uint[] cids = info[11..];
        Assert.Equal(info[10], (uint)cids.Length);
        const uint noSupport = 9;
        uint[] known =
        [
            .. Enumerable.Range(0, 40).Select(cid => (uint)cid).Where(cid => new[] { MbimHost.Query, MbimHost.Set }.Any(kind =>
            {
                byte[] answer = Assert.Single(_host.AskForAll(MbimHost.Command(1, cid, kind)));
                return MbimHost.Words(answer)[10] != noSupport;
            })),
        ];
        Assert.Equal(cids, known);
    }

    [Fact]
    public void EventsAndContexts_AreNone()
    {
        Assert.Equal([0], MbimHost.Words(_host.Info(19, MbimHost.Set, [1, 12, 24, .. MbimHost.BasicConnect, 1, 11])));
        Assert.Equal([0], MbimHost.Words(_host.Info(13)));
    }

    [Fact]
    public void ParametersThatMakeNoSense_AreInvalid()
    {
        Assert.Equal(InvalidParameters, _host.Status(Radio, MbimHost.Set));
        Assert.Equal(InvalidParameters, _host.Status(Radio, MbimHost.Set, 2));
        Assert.Equal(InvalidParameters, _host.Status(PacketService, MbimHost.Set, 2));
        Assert.Equal(InvalidParameters, _host.Status(Signal, MbimHost.Set, 1, 2));
        Assert.Equal(InvalidParameters, _host.Status(Register, MbimHost.Set, 0, 0, 2, 0));

        // Texts that end outside, begin outside, go round, or have half a character.
        foreach (uint[] pair in new List<uint[]> { new uint[] { 16, 2 }, new uint[] { 17, 0 }, new uint[] { 0xffff_fff0, 0x20 }, new uint[] { 0, 3 } })
        {
            Assert.Equal(InvalidParameters, _host.Status(Register, MbimHost.Set, pair[0], pair[1], 1, 0));
        }
    }

    [Fact]
    public void TextOfTheModem_ThatCannotBeSent_IsRefusedAtOnce() =>
        Assert.Contains(
            "Model must be 1 to 64 printable ASCII characters",
            Assert.Throws<ArgumentException>(() => new MbimControlFunction(AtModem.FoxconnT99W175 with { Model = "" })).Message,
            StringComparison.Ordinal);

    private static uint[] ManualTo(string provider) =>
        [16, (uint)provider.Length * 2, 1, 0, .. MbimHost.Words([.. Encoding.Unicode.GetBytes(provider), 0, 0])];
}
