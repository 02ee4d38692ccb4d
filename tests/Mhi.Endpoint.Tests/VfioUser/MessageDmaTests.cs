using System;
using System.Buffers.Binary;
using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Endpoint.VfioUser;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Pci;
using Mhi.Pci.VfioUser.Protocol;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

public sealed class MessageDmaTests
{
    [Fact]
    public void RegisterAccess_IsAnsweredWhileTheDeviceWaitsForMemory()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Messages);
        host.PowerUp();

        MessageHeader request = HoldRequest(client, host, out byte[] payload);
        client.Post(9, VfioUserClient.Access(0, MhiRegisters.Status, 4), 0);
        MessageHeader reply = client.Receive(20_000)!.Value;

        Assert.Equal(MessageHeader.TypeReply, reply.Type);
        Assert.Equal(0x201u, BinaryPrimitives.ReadUInt32LittleEndian(client.Payload(reply)[16..]));
        Refuse(client, request);
        Assert.Equal(16, payload.Length);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("bus master")]
    [InlineData("power")]
    public void SwitchingAccessOff_DoesNotWaitForARequestUnderWay_AndTheLateAnswerIsDropped(string how)
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Messages);
        host.PowerUp();
        MessageHeader request = HoldRequest(client, host, out _);

        switch (how)
        {
            case "reset":
                _ = client.Call(13, []);
                break;
            case "bus master":
                client.WriteConfig(4, 2, 2);
                break;
            default:
                client.WriteConfig(ConfigLayout.PowerStatus, 3, 2);
                break;
        }

        Refuse(client, request);
        _ = client.Call(13, []);
        host.PowerUp();
        host.AssertEchoes();
    }

    [Fact]
    public void Unmap_OfOtherMemory_DoesNotWaitForARequestUnderWay()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Messages);
        host.PowerUp();
        DmaRegion other = host.Allocate(0x1000);
        MessageHeader request = HoldRequest(client, host, out _);

        Assert.Equal(0u, client.UnmapDma(other.BusAddress, 0x1000));

        Refuse(client, request);
    }

    [Fact]
    public void ClientThatGoesWithoutAnswering_LeavesAGoodDevice()
    {
        using var served = new ServedDevice();
        using (VfioUserClient client = served.Attach())
        {
            using var host = new VfioUserHost(client, Sharing.Messages);
            host.PowerUp();
            _ = HoldRequest(client, host, out _);
        }

        Assert.True(served.End().IsOrderly);
        using VfioUserClient next = served.Attach();
        using var nextHost = new VfioUserHost(next, Sharing.Messages);
        nextHost.PowerUp();
        nextHost.AssertEchoes();
    }

    [Fact]
    public void AnswerAboutOtherBytes_EndsTheConnection()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var host = new VfioUserHost(client, Sharing.Messages);
        host.PowerUp();
        MessageHeader request = HoldRequest(client, host, out byte[] payload);

        byte[] answer = new byte[MessageHeader.Size + 16 + 1];
        (request with { Length = (uint)answer.Length, Flags = MessageHeader.TypeReply }).Write(answer);
        payload.CopyTo(answer, MessageHeader.Size);
        _ = client.Send(answer);

        Assert.Contains("is not about the", served.End().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TransferSizeOfTheClient_IsKept()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Connect();
        _ = client.Negotiate("{\"capabilities\":{\"max_data_xfer_size\":64}}" + new string(' ', 60));
        using var host = new VfioUserHost(client, Sharing.Messages);
        int largest = 0;
        Func<ulong, Memory<byte>, bool> read = client.OnRead;
        Func<ulong, ReadOnlyMemory<byte>, bool> write = client.OnWrite;
        client.OnRead = (address, destination) =>
        {
            largest = Math.Max(largest, destination.Length);
            return read(address, destination);
        };
        client.OnWrite = (address, source) =>
        {
            largest = Math.Max(largest, source.Length);
            return write(address, source);
        };

        host.PowerUp();
        host.AssertEchoes(1000);

        Assert.Equal(64, largest);
    }

    [Fact]
    public void ThousandsOfPages_InAnyOrder_AreOneMappedFile_AndGoAwayByRange()
    {
        const int Pages = 4096;
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using MappedMemory memory = MappedMemory.Allocate(Pages * 4096L);
        using FileDescriptor descriptor = memory.Share();
        int[] order = [.. Enumerable.Range(0, Pages)];
        new Random(7).Shuffle(order);
        foreach (int page in order)
        {
            Assert.Equal(0u, client.MapDma(0x1_0000_0000 + ((ulong)page * 8192), 4096, (ulong)page * 4096, descriptor));
        }

        Assert.Equal(Pages, served.Device.MemoryRanges);
        Assert.Equal(1, served.Device.Memory.FileCount);
        Assert.Equal(0u, client.UnmapDma(0x1_0000_0000, 8192 * 100));
        Assert.Equal(Pages - 100, served.Device.MemoryRanges);
        Assert.Equal(22u, client.UnmapDma(0x1_0000_0000, (8192 * 100) + 1));

        // As a client does that switches address translation: everything, in pieces that mostly cover nothing.
        Assert.Equal(0u, client.UnmapDma(0, 0xfee0_0000));
        Assert.Equal(0u, client.UnmapDma(0xfef0_0000, 0xffff_ffff_0110_0000));
        Assert.Equal(0, served.Device.MemoryRanges);
        Assert.Equal(0, served.Device.Memory.FileCount);
        Assert.Equal(0u, client.UnmapDma(0, 0, flags: 2));
    }

    // Rings the command doorbell; the device asks for the command, and the test does not answer.
    private static MessageHeader HoldRequest(VfioUserClient client, VfioUserHost host, out byte[] payload)
    {
        host.PostCommand(RingElement.Command(ElementType.StartChannel, TestHost.LoopbackUp));
        MessageHeader request = client.Receive(20_000)!.Value;
        Assert.Equal(VfioUserCommand.DmaRead, request.Command);
        payload = client.Payload(request).ToArray();
        return request;
    }

    private static void Refuse(VfioUserClient client, MessageHeader request)
    {
        byte[] answer = new byte[MessageHeader.Size];
        (request with { Length = MessageHeader.Size, Flags = MessageHeader.TypeReply | MessageHeader.ErrorFlag, Error = 19 }).Write(answer);
        _ = client.Send(answer);
    }
}
