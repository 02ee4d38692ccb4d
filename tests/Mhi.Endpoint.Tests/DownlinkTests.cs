using System;
using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class DownlinkTests
{
    private const byte Down = TestHost.LoopbackDown;
    private const uint Ieot = RingElement.EndOfTransferFlag;

    [Fact]
    public void Packet_FillsOneBuffer_WithEndOfTransfer()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        DmaRegion buffer = host.Buffer(new byte[16]);
        ulong element = Post(down, buffer.BusAddress, 16);

        function.Send(1, 2, 3);
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 3, Down));
        Assert.Equal(new byte[] { 1, 2, 3, 0 }, buffer.Memory.Slice(0, 4).ToArray());
    }

    [Fact]
    public void LongPacket_OverflowsIntoFurtherBuffers_WhateverTheFlagsSay()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        DmaRegion buffer = host.Buffer(new byte[64]);
        ulong first = down.Queue(RingElement.Transfer(buffer.BusAddress, 4, 0));
        ulong second = down.Queue(RingElement.Transfer(buffer.BusAddress + 4, 4, RingElement.ChainFlag));
        ulong third = Post(down, buffer.BusAddress + 8, 4);

        function.Send([.. Enumerable.Range(1, 10).Select(value => (byte)value)]);
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.Overflow, 4, Down),
            RingElement.TransferEvent(second, CompletionCode.Overflow, 4, Down),
            RingElement.TransferEvent(third, CompletionCode.EndOfTransfer, 2, Down));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0], buffer.Memory.Slice(0, 11).ToArray());
    }

    [Fact]
    public void PacketOfExactlyTheBuffer_IsOneEndOfTransfer()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        ulong element = Post(down, host.Buffer(new byte[4]).BusAddress, 4);

        function.Send(1, 2, 3, 4);
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 4, Down));
    }

    [Fact]
    public void EmptyPacket_TakesABuffer()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        ulong element = Post(down, host.Buffer(new byte[4]).BusAddress, 4);

        function.Send();
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 0, Down));
    }

    [Fact]
    public void PacketWithoutABuffer_Waits_AndASecondOneIsRefused()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        function.Send(1, 2, 3);
        function.Send(4);
        _ = host.Step();

        DmaRegion buffer = host.Buffer(new byte[8]);
        ulong first = Post(down, buffer.BusAddress, 2);
        _ = host.Step();
        ulong second = Post(down, buffer.BusAddress + 2, 2);
        _ = host.Step();
        ulong third = Post(down, buffer.BusAddress + 4, 2);
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.Overflow, 2, Down),
            RingElement.TransferEvent(second, CompletionCode.EndOfTransfer, 1, Down),
            RingElement.TransferEvent(third, CompletionCode.EndOfTransfer, 1, Down));
        Assert.Equal([1, 2, 3, 0, 4], buffer.Memory.Slice(0, 5).ToArray());
    }

    [Fact]
    public void WaitingPacket_IsForgottenByReset()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(Down);
        function.Send(1);
        _ = host.Step();

        _ = host.Command(ElementType.ResetChannel, Down);
        TestRing down = host.Start(Down);
        _ = Post(down, host.Buffer(new byte[4]).BusAddress, 4);
        _ = host.Step();

        Assert.Empty(host.EventRings[0].Take());
    }

    [Fact]
    public void UnreachableBuffer_CompletesWithBadElement_AndThePacketGoesOn()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        ulong first = Post(down, 0xdead_0000, 16);
        DmaRegion buffer = host.Buffer(new byte[16]);
        ulong second = Post(down, buffer.BusAddress, 16);

        function.Send(7, 8);
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.BadElement, 0, Down),
            RingElement.TransferEvent(second, CompletionCode.EndOfTransfer, 2, Down));
        Assert.Equal([7, 8], buffer.Memory.Slice(0, 2).ToArray());
    }

    [Fact]
    public void BufferThatCrossesTheEndOfItsMapping_IsNotWrittenAtAll()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        DmaRegion buffer = host.Buffer(new byte[16]);
        ulong element = Post(down, buffer.BusAddress + (ulong)buffer.Length - 2, 16);
        DmaRegion good = host.Buffer(new byte[16]);
        ulong next = Post(down, good.BusAddress, 16);

        function.Send(1, 2, 3);
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(element, CompletionCode.BadElement, 0, Down),
            RingElement.TransferEvent(next, CompletionCode.EndOfTransfer, 3, Down));
        Assert.Equal([0, 0], buffer.Memory.Slice(buffer.Length - 2, 2).ToArray());
    }

    [Fact]
    public void LongestPacket_ArrivesWhole_AndALongerOneIsAnArgumentError()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(Down);
        byte[] packet = new byte[1 << 20];
        new Random(3).NextBytes(packet);
        function.Send(packet);
        DmaRegion buffer = host.Buffer(new byte[packet.Length]);
        int posted = 0;
        while (posted < packet.Length)
        {
            for (int i = 0; i < 20 && posted < packet.Length; i++)
            {
                int length = Math.Min(packet.Length - posted, RingElement.MaxTransferLength);
                _ = down.Queue(RingElement.Transfer(buffer.BusAddress + (uint)posted, (ushort)length, Ieot));
                posted += length;
            }

            down.RingDoorbell();
            _ = host.Step();
            _ = host.EventRings[0].Take();
        }

        Assert.True(buffer.Memory.Slice(0, packet.Length).SequenceEqual(packet));
        function.Send(new byte[(1 << 20) + 1]);
        Assert.Contains("split it", Assert.Throws<ArgumentOutOfRangeException>(() => host.Step()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CanSend_IsFalseUntilTheDownlinkRuns()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot));
        up.RingDoorbell();
        _ = host.Step();
        Assert.False(function.CouldSend);
        _ = host.EventRings[0].Take();

        _ = host.Start(Down);
        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot));
        up.RingDoorbell();
        _ = host.Step();
        Assert.True(function.CouldSend);
    }

    private static ulong Post(TestRing ring, ulong address, ushort length)
    {
        ulong element = ring.Queue(RingElement.Transfer(address, length, Ieot));
        ring.RingDoorbell();
        return element;
    }
}
