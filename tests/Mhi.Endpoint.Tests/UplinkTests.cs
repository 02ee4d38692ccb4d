using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class UplinkTests
{
    private const uint Chain = RingElement.ChainFlag;
    private const uint Ieob = RingElement.EndOfBlockFlag;
    private const uint Ieot = RingElement.EndOfTransferFlag;
    private const uint Bei = RingElement.BlockInterruptFlag;

    [Theory]
    [InlineData(Ieot, CompletionCode.EndOfTransfer)]
    [InlineData(Ieot | Ieob, CompletionCode.EndOfTransfer)]
    [InlineData(Ieot | Bei, CompletionCode.EndOfTransfer)]
    [InlineData(0u, null)]
    [InlineData(Ieob, null)]
    public void SingleElement_IsOnePacket_AndItsFlagsDecideTheEvent(uint flags, CompletionCode? code)
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);

        ulong element = Send(host, up, flags, 1, 2, 3);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 1, 2, 3 }, Assert.Single(function.Received));
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            code is null ? [] : [RingElement.TransferEvent(element, code.Value, 3, TestHost.LoopbackUp)]);
    }

    [Fact]
    public void Chain_IsJoined_AndOneEventCompletesIt()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);

        _ = Send(host, up, Chain, 1, 2);
        _ = Send(host, up, Chain, 3);
        ulong last = Send(host, up, Ieot, 4, 5, 6);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6 }, Assert.Single(function.Received));
        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.TransferEvent(last, CompletionCode.EndOfTransfer, 3, TestHost.LoopbackUp));
    }

    [Fact]
    public void Chain_WithIeob_ReportsEachBlock()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);

        ulong first = Send(host, up, Chain | Ieob, 1, 2);
        ulong last = Send(host, up, Ieot, 3);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 1, 2, 3 }, Assert.Single(function.Received));
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.EndOfBlock, 2, TestHost.LoopbackUp),
            RingElement.TransferEvent(last, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
    }

    [Fact]
    public void Chain_WhoseEndComesLater_WaitsForIt()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);

        _ = Send(host, up, Chain, 1);
        up.RingDoorbell();
        _ = host.Step();
        Assert.Empty(function.Received);

        _ = Send(host, up, Ieot, 2);
        up.RingDoorbell();
        _ = host.Step();
        Assert.Equal(new byte[] { 1, 2 }, Assert.Single(function.Received));
    }

    [Fact]
    public void PartOfAChain_IsForgottenByReset()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = Send(host, up, Chain, 1);
        up.RingDoorbell();
        _ = host.Step();

        _ = host.Command(ElementType.ResetChannel, TestHost.LoopbackUp);
        up = host.Start(TestHost.LoopbackUp);
        _ = Send(host, up, Ieot, 2);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 2 }, Assert.Single(function.Received));
    }

    [Fact]
    public void LargestElement_AndEmptyElement_ArePackets()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        byte[] large = new byte[RingElement.MaxTransferLength];
        new Random(1).NextBytes(large);

        ulong first = Send(host, up, Ieot, large);
        ulong second = Send(host, up, Ieot);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(2, function.Received.Count);
        Assert.Equal(large, function.Received[0]);
        Assert.Empty(function.Received[1]);
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.EndOfTransfer, 0xffff, TestHost.LoopbackUp),
            RingElement.TransferEvent(second, CompletionCode.EndOfTransfer, 0, TestHost.LoopbackUp));
    }

    [Fact]
    public void ChainOverTheLimit_IsDroppedAsAWhole_AndTheNextPacketArrives()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        DmaRegion buffer = host.Buffer(new byte[RingElement.MaxTransferLength]);

        // 17 times 65535 bytes are more than 1 MiB.
        ulong last = 0;
        for (int i = 0; i < 17; i++)
        {
            last = up.Queue(RingElement.Transfer(buffer.BusAddress, RingElement.MaxTransferLength, i < 16 ? Chain : Ieot));
        }

        ulong next = Send(host, up, Ieot, 8);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 8 }, Assert.Single(function.Received));
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(last, CompletionCode.UndefinedError, 0, TestHost.LoopbackUp),
            RingElement.TransferEvent(next, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.PacketTooLong));
    }

    [Fact]
    public void UnreachableElement_InAChain_FailsTheWholeDescriptorAtItsEnd()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);

        _ = Send(host, up, Chain, 1);
        _ = up.Queue(RingElement.Transfer(0xdead_0000, 16, Chain | Ieob));
        ulong last = Send(host, up, Ieot, 3);
        ulong next = Send(host, up, Ieot, 4);
        up.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 4 }, Assert.Single(function.Received));
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(last, CompletionCode.BadElement, 0, TestHost.LoopbackUp),
            RingElement.TransferEvent(next, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.BufferUnreachable));
    }

    [Fact]
    public void Element_IsReadOnce_WhenTheWritePointerPassesIt()
    {
        var function = new RecordingFunction { Refuses = true };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = Send(host, up, Ieot, 1);
        _ = Send(host, up, Ieot, 2);
        up.RingDoorbell();
        _ = host.Step();

        // The second element is still to be processed, but was read already.
        up.Memory.Memory.Slice(RingElement.Length, RingElement.Length).Fill(0xff);
        function.Refuses = false;
        _ = host.Step();

        Assert.Equal(new byte[] { 2 }, function.Received[1]);
    }

    [Fact]
    public void RefusedPacket_IsKeptAndOfferedAgain_AndNothingFurtherIsTaken()
    {
        var function = new RecordingFunction { Refuses = true };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        ulong[] elements = [Send(host, up, Ieot, 1), Send(host, up, Ieot, 2), Send(host, up, Ieot, 3)];
        up.RingDoorbell();
        _ = host.Step();

        // Its memory is free for the host again: the device has the bytes.
        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.TransferEvent(elements[0], CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
        int offers = function.Offers;
        _ = host.Step();
        Assert.Equal(offers + 1, function.Offers);

        function.Refuses = false;
        _ = host.Step();
        Assert.Equal("1,2,3", string.Join(",", function.Received.Select(packet => packet[0])));
        Assert.Equal(2, host.EventRings[0].Take().Count);
    }

    [Fact]
    public void Packets_WrapRoundTheRing_InOrderAndWithoutLoss()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        DmaRegion buffer = host.Buffer(new byte[64]);
        var random = new Random(7);
        var expected = new List<byte>();
        int sent = 0;
        while (sent < 500)
        {
            // All of a batch is consumed before the next; 31 is a full ring.
            int batch = random.Next(1, 32);
            for (int i = 0; i < batch; i++)
            {
                buffer.Memory.Slice(i, 1)[0] = (byte)sent;
                expected.Add((byte)sent++);
                _ = up.Queue(RingElement.Transfer(buffer.BusAddress + (uint)i, 1, Ieot));
            }

            up.RingDoorbell();
            _ = host.Step();
            Assert.Equal(batch, host.EventRings[0].Take().Count);
        }

        Assert.Equal(expected.ToArray(), function.Received.Select(packet => packet[0]).ToArray());
    }

    [Fact]
    public void ChannelWithoutAFunction_CompletesWhatItIsSent()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(4);

        ulong element = Send(host, up, Ieot, 1, 2, 3);
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[1].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 3, 4));
    }

    [Fact]
    public void Echo_WithOnlyTheUplinkStarted_HoldsThePacketBack()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        ulong[] elements = [Send(host, up, Ieot, 1), Send(host, up, Ieot, 2)];
        up.RingDoorbell();
        _ = host.Step();
        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.TransferEvent(elements[0], CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
    }

    private static ulong Send(TestHost host, TestRing ring, uint flags, params byte[] bytes) =>
        ring.Queue(RingElement.Transfer(host.Buffer(bytes).BusAddress, (ushort)bytes.Length, flags));
}
