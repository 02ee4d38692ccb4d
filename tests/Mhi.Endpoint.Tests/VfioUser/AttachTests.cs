using System;
using System.Buffers.Binary;
using System.Text;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Endpoint.VfioUser;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

public sealed class AttachTests
{
    [Theory]
    [InlineData(Sharing.Whole)]
    [InlineData(Sharing.Pages)]
    [InlineData(Sharing.Messages)]
    public void PoweredUpThroughMessages_TheDeviceEchoesPackets(Sharing sharing)
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, sharing);

        host.PowerUp();
        host.AssertEchoes();
        host.AssertEchoes(65535);

        Assert.Equal(sharing == Sharing.Messages, served.Device.MemoryRequests != 0);
        Assert.Equal(0, served.Device.Endpoint.CountOf(HostViolation.BufferUnreachable));
    }

    [Fact]
    public void PoweredUp_WhenHostHasMoreEventRingsThanTheProfile_TheDeviceEchoesPackets()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Whole, moreEventRings: 1);

        host.PowerUp();
        host.AssertEchoes();

        Assert.Equal(0, served.Device.Endpoint.CountOf(HostViolation.InvalidConfiguration));
    }

    [Fact]
    public void NextClient_FindsTheDeviceAsAfterPowerOn()
    {
        using var served = new ServedDevice();
        for (int i = 0; i < 3; i++)
        {
            using VfioUserClient client = served.Attach();
            using var host = new VfioUserHost(client, i == 1 ? Sharing.Messages : Sharing.Whole);
            Assert.Equal(0u, client.ReadConfig(4, 2));
            host.PowerUp();
            host.AssertEchoes();
            client.Dispose();

            Assert.True(served.End().IsOrderly);
            Assert.Equal(0, served.Device.MemoryRanges);
            Assert.Equal(0, served.Device.Memory.FileCount);
        }
    }

    [Fact]
    public void Version_ReplyIsShorterThanTheRequestAndEndsInZero()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Connect();

        byte[] reply = client.Negotiate();

        Assert.True(reply.Length <= 198);
        Assert.Equal("\0\0\0\0{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}\0", Encoding.ASCII.GetString(reply));
    }

    [Fact]
    public void Version_WithoutRoomForCapabilities_IsAnsweredWithTheNumbersAlone()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Connect();

        Assert.Equal(new byte[4], client.Negotiate("{}"));
    }

    [Fact]
    public void DeviceInfo_NamesNineRegionsAndFiveInterrupts()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();

        byte[] info = client.Call(4, [16, 0, 0, 0, .. new byte[12]]);

        Assert.Equal([16, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0], info);
    }

    [Theory]
    [InlineData(0u, 0x1000ul, 3u)]
    [InlineData(1u, 0ul, 0u)]
    [InlineData(6u, 0ul, 0u)]
    [InlineData(7u, 0x1000ul, 3u)]
    [InlineData(8u, 0ul, 0u)]
    public void RegionInfo_GivesBarAndConfigurationSpace(uint region, ulong length, uint flags)
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();

        byte[] info = client.Call(5, [32, 0, 0, 0, 0, 0, 0, 0, (byte)region, .. new byte[23]]);

        Assert.Equal(32, info.Length);
        Assert.Equal(32u, BinaryPrimitives.ReadUInt32LittleEndian(info));
        Assert.Equal(flags, BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(4)));
        Assert.Equal(length, BinaryPrimitives.ReadUInt64LittleEndian(info.AsSpan(16)));
    }

    [Theory]
    [InlineData(0, 0u, 0u)]
    [InlineData(1, 32u, 1u)]
    [InlineData(2, 0u, 0u)]
    [InlineData(3, 1u, 1u)]
    [InlineData(4, 1u, 1u)]
    public void InterruptInfo_Offers32MsiVectors(byte kind, uint count, uint flags)
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();

        byte[] info = client.Call(7, [16, 0, 0, 0, 0, 0, 0, 0, kind, .. new byte[7]]);

        Assert.Equal(flags, BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(4)));
        Assert.Equal(count, BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(12)));
    }

    [Fact]
    public void UnknownCommand_IsNotSupported_AndTheConnectionGoesOn()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();

        Assert.Equal(95u, client.TryCall(6, new byte[16]).Error);
        Assert.Equal(95u, client.TryCall(16, new byte[16]).Error);
        Assert.Equal(0xe0ab_105bu, client.ReadConfig(0, 4));
    }

    [Fact]
    public void DeviceReset_ReturnsEverythingToPowerOn_AndKeepsTheMemoryMap()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Whole);
        host.PowerUp();
        int ranges = served.Device.MemoryRanges;

        _ = client.Call(13, []);

        Assert.Equal(0u, client.ReadConfig(4, 2));
        Assert.Equal(ranges, served.Device.MemoryRanges);
        Assert.Equal(uint.MaxValue, client.ReadRegister(MhiRegisters.Status));
        host.PowerUp();
        host.AssertEchoes();
    }

    [Fact]
    public void FunctionLevelReset_WrittenToTheCapability_ResetsTheDevice_AndReadsZero()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Whole);
        host.PowerUp();

        client.WriteConfig(ConfigLayout.DeviceControl, 0xa810, 2);

        Assert.Equal(0x2810u, client.ReadConfig(ConfigLayout.DeviceControl, 2));
        Assert.Equal(0u, client.ReadConfig(4, 2));
        host.PowerUp();
        host.AssertEchoes();
    }

    [Fact]
    public void PowerStateD3_SilencesTheBar_AndD0BringsItBackUnchanged()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Whole);
        host.PowerUp();
        client.WriteConfig(ConfigLayout.PowerStatus, 3, 2);
        Assert.Equal(uint.MaxValue, client.ReadRegister(MhiRegisters.Status));

        client.WriteConfig(ConfigLayout.PowerStatus, 0, 2);

        Assert.Equal(0x201u, client.ReadRegister(MhiRegisters.Status));
        host.AssertEchoes();
    }

    [Fact]
    public void WriteOf64Bits_IsTwoRegisters_AndAPartOfARegisterCanBeRead()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        client.WriteConfig(4, 2, 2);

        client.Post(10, [.. VfioUserClient.Access(0, MhiRegisters.ControlLimit, 8), 1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], client.ReadRegion(0, MhiRegisters.ControlLimit, 8));
        Assert.Equal([2, 3], client.ReadRegion(0, MhiRegisters.ControlLimit + 1, 2));
        Assert.Equal(4096, client.ReadRegion(0, 0, 4096).Length);
    }
}
