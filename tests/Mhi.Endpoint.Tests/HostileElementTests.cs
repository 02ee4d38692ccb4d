using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

/// <summary>Ring elements of a broken or malicious host; a good channel works afterwards all the same.</summary>
public sealed class HostileElementTests
{
    private const byte Up = HostileHost.Uplink;
    private const uint Ieot = RingElement.EndOfTransferFlag;

    [Theory]
    [InlineData(0x00, 0, HostViolation.UnknownCommand)]
    [InlineData(0x01, 0, HostViolation.UnknownCommand)]
    [InlineData(0x02, 12, HostViolation.UnknownCommand)]
    [InlineData(0x13, 12, HostViolation.UnknownCommand)]
    [InlineData(0xff, 255, HostViolation.UnknownCommand)]
    [InlineData(0x12, 2, HostViolation.UnknownChannel)]
    [InlineData(0x12, 34, HostViolation.UnknownChannel)]
    [InlineData(0x12, Doorbell.EmergencyDownload, HostViolation.UnknownChannel)]
    [InlineData(0x12, Doorbell.DeviceWake, HostViolation.UnknownChannel)]
    [InlineData(0x12, 128, HostViolation.UnknownChannel)]
    [InlineData(0x10, 255, HostViolation.UnknownChannel)]
    public void UnknownCommandOrChannel_IsAnsweredWithAnError(byte type, int channel, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();

        Assert.Equal(CompletionCode.UndefinedError, host.Command((ElementType)type, channel));

        Assert.Equal(1, host.Endpoint.CountOf(violation));
        host.AssertEchoes();
    }

    [Theory]
    [InlineData(0xdead_0000UL, 1)]
    [InlineData(0UL, 16)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(ulong.MaxValue - 7, 16)]
    public void UplinkBufferThatIsNotMapped_IsABadElement(ulong address, ushort length)
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);

        ulong element = up.Queue(RingElement.Transfer(address, length, 0));
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.BadElement, 0, Up));
        HostileHost.AssertTakesPackets(host, up);
        host.AssertEchoes();
    }

    [Fact]
    public void UplinkBufferThatCrossesTheEndOfItsMapping_IsABadElement()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);
        DmaRegion buffer = host.Buffer(1);

        ulong element = up.Queue(RingElement.Transfer(buffer.BusAddress + (ulong)buffer.Length - 1, 2, Ieot));
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.BadElement, 0, Up));
        HostileHost.AssertTakesPackets(host, up);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x08)]
    [InlineData(0x22)]
    public void ElementOfAnotherType_IsABadElement_OnBothDirections(byte type)
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        TestRing down = host.Start(TestHost.LoopbackDown);
        var wrong = new RingElement(host.Buffer(1).BusAddress, 1, ((uint)type << 16) | Ieot);

        ulong first = up.Queue(wrong);
        up.RingDoorbell();
        ulong second = down.Queue(wrong);
        down.RingDoorbell();
        function.Send(1);
        _ = host.Step();

        Assert.Empty(function.Received);
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.BadElement, 0, TestHost.LoopbackUp),
            RingElement.TransferEvent(second, CompletionCode.BadElement, 0, TestHost.LoopbackDown));
        Assert.Equal(2, host.Endpoint.CountOf(HostViolation.BadElement));
    }

    [Fact]
    public void EmptyDownlinkBuffers_AreUsedUpAndEnd()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(TestHost.LoopbackDown);
        DmaRegion buffer = host.Buffer(new byte[4]);
        for (int i = 0; i < 30; i++)
        {
            _ = down.Queue(RingElement.Transfer(buffer.BusAddress, 0, Ieot));
        }

        ulong last = down.Queue(RingElement.Transfer(buffer.BusAddress, 4, Ieot));
        down.RingDoorbell();
        function.Send(1, 2);
        _ = host.Step();

        List<RingElement> events = host.EventRings[0].Take();
        Assert.Equal(31, events.Count);
        Assert.All(events.Take(30), element => Assert.Equal(CompletionCode.Overflow, element.Code));
        AssertEvents.Equal(events.Skip(30), RingElement.TransferEvent(last, CompletionCode.EndOfTransfer, 2, TestHost.LoopbackDown));
    }
}
