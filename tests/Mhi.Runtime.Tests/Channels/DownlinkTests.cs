using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Channels;

public class DownlinkTests
{
    [Fact]
    public void Read_InPieces_ReturnsEveryByteOnce()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(90));
        byte[] all = new byte[90];
        int[] sizes = [1, 7, 4096];
        int count = 0;
        foreach (int size in sizes)
        {
            byte[] piece = new byte[size];
            Assert.Equal(ChannelStatus.Done, channel.TryRead(piece, out int read));
            piece.AsSpan(0, read).CopyTo(all.AsSpan(count));
            count += read;
        }

        Assert.Equal(90, count);
        Assert.Equal(Pattern(90), all);
        Assert.Equal(ChannelStatus.WouldBlock, channel.TryRead(all, out _));
    }

    [Fact]
    public void Read_NeverCrossesPackets()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(10));
        Deliver(host, 1, Pattern(20));
        byte[] buffer = new byte[100];
        Assert.Equal(10, channel.Read(buffer));
        Assert.Equal(20, channel.Read(buffer));
    }

    [Fact]
    public void Read_OfNoBytes_ConsumesNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.WouldBlock, channel.TryRead([], out _));
        Deliver(host, 0, Pattern(10));
        Assert.Equal(0, channel.Read([]));
        Assert.True(channel.CanRead);
        Assert.Equal(10, channel.Read(new byte[10]));
    }

    [Fact]
    public void ReadBuffers_GoBackToTheDeviceInOneBatch()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        ulong ring = host.Device.Channel(1).RingBase;
        for (int i = 0; i < 3; i++)
        {
            Deliver(host, i, Pattern(10));
        }

        Assert.Equal(ring + (31 * 16), host.Device.ChannelDoorbell(1));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(10, channel.Read(new byte[10]));
        }

        host.Device.Writes.Clear();
        _ = host.Controller.Poll();
        Assert.Equal(2, host.Device.Writes.Count);
        Assert.Equal(ring + (2 * 16), host.Device.ChannelDoorbell(1));
    }

    [Fact]
    public void Receive_LeasesInPlaceAndReturnsInAnyOrder()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(10));
        Deliver(host, 1, Pattern(20));
        ReceivedPacket first = channel.Receive();
        ReceivedPacket second = channel.Receive();
        Assert.True(first.Bytes.SequenceEqual(Pattern(10)));
        Assert.True(second.Bytes.SequenceEqual(Pattern(20)));
        Assert.True(first.IsEndOfMessage);
        second.Dispose();
        first.Dispose();
        Assert.Equal(2, host.Controller.Poll());
    }

    [Fact]
    public void Receive_DisposedTwice_IsDetected()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(10));
        Assert.Throws<InvalidOperationException>(() =>
        {
            ReceivedPacket packet = channel.Receive();
            ReceivedPacket copy = packet;
            packet.Dispose();
            copy.Dispose();
        });
    }

    [Fact]
    public void Receive_AfterAPartialRead_GivesTheRest()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(10));
        Assert.Equal(4, channel.Read(new byte[4]));
        using ReceivedPacket rest = channel.Receive();
        Assert.True(rest.Bytes.SequenceEqual(Pattern(10).AsSpan(4)));
    }

    [Fact]
    public void Overflow_ContinuesTheMessageInTheNextBuffer()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(100), CompletionCode.Overflow);
        Deliver(host, 1, Pattern(32));
        using (ReceivedPacket piece = channel.Receive())
        {
            Assert.Equal((100, false), (piece.Bytes.Length, piece.IsEndOfMessage));
        }

        using ReceivedPacket last = channel.Receive();
        Assert.Equal((32, true, false), (last.Bytes.Length, last.IsEndOfMessage, last.IsTruncated));
        Assert.Equal(1ul, channel.DownlinkCounters.Overflowed);
    }

    [Fact]
    public void EmptyPacket_IsSkippedCountedAndPostedAgain()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        ulong ring = host.Device.Channel(1).RingBase;
        Deliver(host, 0, []);
        Assert.Equal(ring, host.Device.ChannelDoorbell(1));
        Deliver(host, 1, Pattern(5));
        Assert.Equal(5, channel.Read(new byte[10]));
        Assert.Equal(1ul, channel.DownlinkCounters.Empty);
    }

    [Fact]
    public void EmptyPacket_IsDeliveredWhereTheTableAsksForIt()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<EagerLoopback>();
        Deliver(host, 0, []);
        Assert.True(channel.CanRead);
        Assert.Equal(ChannelStatus.WouldBlock, channel.TryRead(new byte[1], out _));
        Deliver(host, 1, []);
        using ReceivedPacket packet = channel.Receive();
        Assert.Equal((0, true), (packet.Bytes.Length, packet.IsEndOfMessage));
    }

    [Fact]
    public void EmptyPacketAfterAnOverflow_ClosesTheMessage()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(100), CompletionCode.Overflow);
        Deliver(host, 1, []);
        channel.Receive().Dispose();
        using ReceivedPacket end = channel.Receive();
        Assert.Equal((0, true), (end.Bytes.Length, end.IsEndOfMessage));
    }

    [Fact]
    public void LengthLongerThanTheBuffer_IsNotBelieved()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, 101, 1));
        _ = host.Controller.Poll();
        using ReceivedPacket packet = channel.Receive();
        Assert.Equal((100, true, true), (packet.Bytes.Length, packet.IsEndOfMessage, packet.IsTruncated));
        Assert.Equal(1ul, channel.DownlinkCounters.Truncated);
    }

    [Fact]
    public void FailedBuffers_DeliverNothingAndAreAllPostedAgain()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<EagerLoopback>();
        for (int i = 0; i < 100; i++)
        {
            Deliver(host, i, Pattern(50), CompletionCode.UndefinedError);
        }

        Assert.Equal(ChannelStatus.WouldBlock, channel.TryReceive(out _));
        Assert.Equal(100ul, channel.DownlinkCounters.Failed);
        Deliver(host, 100, Pattern(3));
        Assert.Equal(3, channel.Read(new byte[10]));
    }

    [Fact]
    public async Task ReadAsync_CompletesWhenAPacketComes()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        byte[] buffer = new byte[100];
        for (int i = 0; i < 40; i++)
        {
            ValueTask<int> reading = channel.ReadAsync(buffer);
            Assert.False(reading.IsCompleted);
            Deliver(host, i, Pattern(10 + i));
            Assert.Equal(10 + i, await reading);
            Assert.Equal(Pattern(10 + i), buffer[..(10 + i)]);
            _ = host.Controller.Poll();
        }
    }

    [Fact]
    public async Task ReadAsync_Cancelled_ConsumesNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        using var cancel = new CancellationTokenSource();
        ValueTask<int> reading = channel.ReadAsync(new byte[10], cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        Deliver(host, 0, Pattern(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await channel.ReadAsync(new byte[10], cancel.Token));
        Assert.Equal(10, await channel.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task WaitToReadAsync_EndsWithAPacketAndWithTheChannel()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        ValueTask<bool> waiting = channel.WaitToReadAsync();
        Assert.False(waiting.IsCompleted);
        Deliver(host, 0, Pattern(1));
        Assert.True(await waiting);
        channel.Receive().Dispose();
        ValueTask<bool> waitingForNothing = channel.WaitToReadAsync();
        host.Settle(channel.CloseAsync(TimeSpan.Zero));
        Assert.False(await waitingForNothing);
        Assert.False(await channel.WaitToReadAsync());
    }

    [Fact]
    public async Task PendingRead_EndsWithTheReasonWhenTheDeviceFails()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        ValueTask<int> reading = channel.ReadAsync(new byte[10]);
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(async () => await reading);
        Assert.Equal(Mhi.Controller.MhiErrorCode.SystemError, exception.Code);
    }

    [Fact]
    public void WhatArrivedBeforeTheEnd_CanStillBeRead()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Deliver(host, 0, Pattern(10));
        Deliver(host, 1, Pattern(20));
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        Assert.Equal(ChannelStatus.Down, channel.TryWrite([1]));
        Assert.Equal(10, channel.Read(new byte[100]));
        Assert.Equal(20, channel.Read(new byte[100]));
        Assert.Equal(ChannelStatus.Down, channel.TryRead(new byte[100], out _));
        Assert.Throws<MhiException>(() => channel.Read(new byte[100]));
    }

    [Fact]
    public void Read_WithTimeout_Throws()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Throws<TimeoutException>(() => channel.Read(new byte[1], TimeSpan.FromMilliseconds(1)));
        Assert.Throws<TimeoutException>(() => channel.Receive(TimeSpan.FromMilliseconds(1)).Dispose());
    }

    private static void Deliver(ScriptedHost host, int index, byte[] packet, CompletionCode code = CompletionCode.EndOfTransfer)
    {
        ulong address = host.Device.Channel(1).RingBase + (ulong)(index % 32 * 16);
        packet.CopyTo(host.Device.Dma(host.Device.Element(address).Address, packet.Length));
        host.Device.Post(0, RingElement.TransferEvent(address, code, (ushort)packet.Length, 1));
        _ = host.Controller.Poll();
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 7))];
}
