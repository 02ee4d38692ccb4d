using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Channels;

public class UplinkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    public void Write_UpToTheMtu_QueuesOneElementWithEndOfTransfer(int length)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        byte[] data = Pattern(length);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(data));
        _ = host.Controller.Poll();

        ChannelContext context = host.Device.Channel(0);
        Assert.Equal(context.RingBase + 16, context.WritePointer);
        Assert.Equal(context.WritePointer, host.Device.ChannelDoorbell(0));
        RingElement element = host.Device.Element(context.RingBase);
        Assert.Equal((0x00020200u, (ushort)length), (element.Word1, element.TransferLength));
        Assert.Equal(data, host.Device.Dma(element.Address, length).ToArray());
    }

    [Fact]
    public void Write_OfSeveralElements_IsOneChain()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        byte[] data = Pattern(250);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(data));
        _ = host.Controller.Poll();

        ulong ring = host.Device.Channel(0).RingBase;
        RingElement[] elements = [.. Enumerable.Range(0, 3).Select(i => host.Device.Element(ring + (ulong)(i * 16)))];
        Assert.Equal([0x00020001u, 0x00020001u, 0x00020200u], elements.Select(static element => element.Word1));
        Assert.Equal([100, 100, 50], elements.Select(static element => (int)element.TransferLength));
        Assert.Equal(data, elements.SelectMany(element => host.Device.Dma(element.Address, element.TransferLength).ToArray()));
    }

    [Fact]
    public void Doorbell_IsRungOncePerBatch()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Device.Writes.Clear();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([(byte)i]));
        }

        _ = host.Controller.Poll();
        Assert.Equal(
            [(ScriptedDevice.ChannelDoorbells + 4, 0u), (ScriptedDevice.ChannelDoorbells, (uint)host.Device.Channel(0).RingBase + 320)],
            host.Device.Writes);
    }

    [Fact]
    public void BurstDoorbell_IsRungOnceAndAgainOnlyWhenTheDeviceAsks()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<HardwareData>();
        host.Device.Writes.Clear();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        Assert.Equal(2, host.Device.Writes.Count);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
        _ = host.Controller.Poll();
        Assert.Equal(2, host.Device.Writes.Count);
        ChannelContext context = host.Device.Channel(100);
        Assert.Equal(context.RingBase + 32, context.WritePointer);

        // The device stops polling and asks: two elements wait, so it is told at once.
        host.Device.Post(2, RingElement.TransferEvent(0, CompletionCode.OutOfBuffers, 0, 100));
        _ = host.Controller.Poll();
        Assert.Equal(context.RingBase + 32, host.Device.ChannelDoorbell(100));
        Assert.Equal(0x00020600u, host.Device.Element(context.RingBase).Word1);

        // It asks when nothing waits: the next write rings.
        host.Device.Post(2, RingElement.TransferEvent(context.RingBase, CompletionCode.EndOfTransfer, 1, 100));
        host.Device.Post(2, RingElement.TransferEvent(context.RingBase + 16, CompletionCode.EndOfTransfer, 1, 100));
        host.Device.Post(2, RingElement.TransferEvent(0, CompletionCode.DoorbellMode, 0, 100));
        _ = host.Controller.Poll();
        Assert.Equal(0, channel.OutstandingBuffers);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([3]));
        _ = host.Controller.Poll();
        Assert.Equal(context.RingBase + 48, host.Device.ChannelDoorbell(100));
    }

    [Fact]
    public void OneEvent_RetiresTheWholeChain()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(250)));
        _ = host.Controller.Poll();
        Assert.Equal(3, channel.OutstandingBuffers);
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase + 32, CompletionCode.EndOfTransfer, 50, 0));
        _ = host.Controller.Poll();
        Assert.Equal(0, channel.OutstandingBuffers);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(3100)));
    }

    [Fact]
    public void TryWrite_WhenThePoolIsEmpty_WouldBlockAndLosesNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        for (int i = 0; i < 31; i++)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([(byte)i]));
        }

        Assert.False(channel.CanWrite);
        Assert.Equal(ChannelStatus.WouldBlock, channel.TryWrite([99]));
        _ = host.Controller.Poll();
        ulong ring = host.Device.Channel(0).RingBase;
        Assert.Equal(ring + (31 * 16), host.Device.ChannelDoorbell(0));
        host.Device.Post(0, RingElement.TransferEvent(ring, CompletionCode.EndOfTransfer, 1, 0));
        _ = host.Controller.Poll();
        Assert.True(channel.CanWrite);
        Assert.Equal(ChannelStatus.WouldBlock, channel.TryWrite(Pattern(101)));
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([99]));
    }

    [Fact]
    public void TryWrite_LongerThanOnePacketCanBe_Throws()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(3100, channel.MaxMessageLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => channel.TryWrite(Pattern(3101)));
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(3100)));
    }

    [Fact]
    public void TryWrite_OfNothing_QueuesNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([]));
        Assert.Equal(0, channel.OutstandingBuffers);
    }

    [Fact]
    public void EagerWrite_EndsThePacketWhereThePoolIsFull()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<EagerLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        int written = channel.Write(Pattern(450), TimeSpan.Zero);
        Assert.Equal(300, written);
        _ = host.Controller.Poll();
        ulong ring = host.Device.Channel(0).RingBase;
        uint[] words = [.. Enumerable.Range(0, 4).Select(i => host.Device.Element(ring + (ulong)(i * 16)).Word1)];
        Assert.Equal([0x00020200u, 0x00020001u, 0x00020001u, 0x00020200u], words);
    }

    [Fact]
    public void Rent_WritesInPlaceAndCommitSends()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryRent(out UplinkBuffer buffer));
        Assert.Equal(100, buffer.Bytes.Length);
        Pattern(7).CopyTo(buffer.Bytes);
        Assert.Equal(ChannelStatus.Done, buffer.Commit(7));
        buffer.Dispose();
        _ = host.Controller.Poll();
        RingElement element = host.Device.Element(host.Device.Channel(0).RingBase);
        Assert.Equal(Pattern(7), host.Device.Dma(element.Address, element.TransferLength).ToArray());
    }

    [Fact]
    public void Rent_ThenDispose_GivesTheBufferBackUnsent()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryRent(out UplinkBuffer buffer));
            buffer.Dispose();
        }

        Assert.Equal(0, channel.OutstandingBuffers);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(3100)));
    }

    [Fact]
    public void Commit_Twice_IsDetected()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Throws<InvalidOperationException>(() =>
        {
            Assert.Equal(ChannelStatus.Done, channel.TryRent(out UplinkBuffer buffer));
            UplinkBuffer copy = buffer;
            _ = buffer.Commit(1);
            _ = copy.Commit(1);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            _ = channel.TryRent(out UplinkBuffer buffer);
            using UplinkBuffer rented = buffer;
            _ = rented.Commit(101);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            _ = channel.TryRent(out UplinkBuffer buffer);
            using UplinkBuffer rented = buffer;
            _ = rented.Commit(0);
        });
        Assert.Equal(1, channel.OutstandingBuffers);
    }

    [Theory]
    [InlineData(CompletionCode.UndefinedError)]
    [InlineData(CompletionCode.BadElement)]
    public async Task FailedTransfer_FreesItsBufferAndFlushReportsIt(CompletionCode code)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        ValueTask flushing = channel.FlushAsync();
        Assert.False(flushing.IsCompleted);
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase, code, 1, 0));
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(async () => await flushing);
        Assert.Equal(Mhi.Controller.MhiErrorCode.TransferFailed, exception.Code);
        Assert.Equal(0, channel.OutstandingBuffers);
        await channel.FlushAsync();
    }

    [Fact]
    public async Task WriteAsync_WaitsForRoomAndThenWrites()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(3100)));
        _ = host.Controller.Poll();
        ValueTask<int> writing = channel.WriteAsync(Pattern(150));
        Assert.False(writing.IsCompleted);
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase + (30 * 16), CompletionCode.EndOfTransfer, 100, 0));
        _ = host.Controller.Poll();
        Assert.Equal(150, await writing);
        Assert.Equal(2, channel.OutstandingBuffers);
    }

    [Fact]
    public async Task WriteAsync_Cancelled_QueuesNothingAndTheNextWorks()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(3100)));
        _ = host.Controller.Poll();
        using var cancel = new System.Threading.CancellationTokenSource();
        ValueTask<int> writing = channel.WriteAsync(Pattern(10), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writing);
        Assert.Equal(31, channel.OutstandingBuffers);
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase + (30 * 16), CompletionCode.EndOfTransfer, 100, 0));
        _ = host.Controller.Poll();
        Assert.Equal(10, await channel.WriteAsync(Pattern(10)));
    }

    [Fact]
    public async Task WriteAsync_OfMoreThanAPacket_IsCutIntoPackets()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task<int> writing = channel.WriteAsync(Pattern(3150)).AsTask();
        _ = host.Controller.Poll();
        ulong ring = host.Device.Channel(0).RingBase;
        host.Device.Post(0, RingElement.TransferEvent(ring + (30 * 16), CompletionCode.EndOfTransfer, 100, 0));
        _ = host.Controller.Poll();
        Assert.Equal(3150, await writing);
        _ = host.Controller.Poll();
        Assert.Equal(50, host.Device.Element(ring + (31 * 16)).TransferLength);
    }

    [Fact]
    public void Write_WithTimeout_ThrowsAndQueuesNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(Pattern(3100)));
        Assert.Throws<TimeoutException>(() => channel.Write([1], TimeSpan.FromMilliseconds(1)));
        Assert.Throws<TimeoutException>(() => channel.Flush(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(31, channel.OutstandingBuffers);
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 7))];
}
