using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class BurstModeTests
{
    private const byte Up = 100;
    private const byte Down = 101;
    private const uint Ieot = RingElement.EndOfTransferFlag;

    // More looks than the device takes before it asks for a doorbell.
    private const int ManyPolls = 3000;

    [Fact]
    public void Uplink_IsFoundByPollingTheContext()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing up = host.Start(Up);

        Queue(host, up, 1);
        _ = host.Step();
        Queue(host, up, 2);
        Queue(host, up, 3);
        _ = host.Step();

        Assert.Equal("1,2,3", string.Join(",", function.Received.Select(packet => packet[0])));
        Assert.True(host.Endpoint.MustBePolled);
    }

    [Fact]
    public void IdleUplink_AsksForADoorbellOnce_AndSleepsUntilItComes()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing up = host.Start(Up);

        Idle(host);
        RingElement element = Assert.Single(host.EventRings[2].Take());
        Assert.Equal(CompletionCode.DoorbellMode, element.Code);
        Assert.Equal(Up, element.Channel);
        Assert.False(host.Endpoint.MustBePolled);

        Queue(host, up, 1);
        Idle(host);
        Assert.Empty(function.Received);

        up.RingDoorbell();
        _ = host.Step();
        Assert.Single(function.Received);
        Queue(host, up, 2);
        _ = host.Step();
        Assert.Equal(2, function.Received.Count);
    }

    [Fact]
    public void Doorbell_IsOnlyASignal_ItsValueMayBeOlderThanTheContext()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing up = host.Start(Up);
        Queue(host, up, 1);
        ulong old = up.AddressOf(up.Position);
        Queue(host, up, 2);
        Queue(host, up, 3);
        _ = host.Step();

        up.RingDoorbell(old);
        _ = host.Step();
        Queue(host, up, 4);
        _ = host.Step();

        Assert.Equal("1,2,3,4", string.Join(",", function.Received.Select(packet => packet[0])));
        Assert.Equal(0, host.Endpoint.CountOf(HostViolation.RingOverrun));
    }

    [Fact]
    public void DownlinkWithoutBuffers_SaysSo_AndGoesOnAfterTheDoorbell()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing down = host.Start(Down);
        function.Send(1, 2);

        Idle(host);
        RingElement element = Assert.Single(host.EventRings[3].Take());
        Assert.Equal(CompletionCode.OutOfBuffers, element.Code);
        Assert.Equal(Down, element.Channel);

        DmaRegion buffer = host.Buffer(new byte[8]);
        ulong posted = down.Queue(RingElement.Transfer(buffer.BusAddress, 8, Ieot));
        Idle(host);
        Assert.Empty(host.EventRings[3].Take());
        down.RingDoorbell();
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[3].Take(), RingElement.TransferEvent(posted, CompletionCode.EndOfTransfer, 2, Down));
    }

    [Fact]
    public void DownlinkBuffers_AreFoundInTheContextWithoutADoorbell()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing down = host.Start(Down);
        ulong posted = down.Queue(RingElement.Transfer(host.Buffer(new byte[8]).BusAddress, 8, Ieot));

        function.Send(1);
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[3].Take(), RingElement.TransferEvent(posted, CompletionCode.EndOfTransfer, 1, Down));
    }

    [Fact]
    public void WildWritePointer_InTheContext_IsCountedOnceAndIgnored()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing up = host.Start(Up);

        TestHost.WritePair(host.ChannelContexts, (Up * RingContext.Length) + RingContext.WritePointer, 0xdead_beef);
        Idle(host);
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.PointerOutsideRing));

        up.RingDoorbell();
        Queue(host, up, 1);
        _ = host.Step();
        Assert.Single(function.Received);
    }

    [Fact]
    public void EventRingFull_HoldsTheRequestForADoorbellBack_ButDoesNotKeepTheDeviceAwake()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        EventContext context = host.DefaultEventContext(2);
        _ = host.Command(ElementType.StopChannel, 4);
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.Program();
        context.WritePointer = context.ReadPointer;
        host.WriteEventContext(2, context);
        host.EventRings[2].Rewind();
        host.RequestState(MhiState.M0);
        _ = host.Step();
        _ = host.EventRings[0].Take();
        _ = host.Start(Up);

        Idle(host);
        Assert.Empty(host.EventRings[2].Read());
        Assert.False(host.Endpoint.MustBePolled);

        host.EventRings[2].Release();
        _ = host.Step();
        Assert.Equal(CompletionCode.DoorbellMode, Assert.Single(host.EventRings[2].Take()).Code);
    }

    private static TestHost PoweredUp(RecordingFunction function)
    {
        // The accelerated channels' own name and rings; no moderation, so that every test sees its events at once.
        DeviceProfile profile = KnownProfiles.FoxconnT99W175;
        profile = profile with
        {
            EventRings = [.. profile.EventRings.Select(ring => ring with { ModerationMilliseconds = 0 })],
        };
        return TestHost.PoweredUp(new Dictionary<string, ChannelFunction> { ["IP_HW0_MBIM"] = function }, profile: profile);
    }

    private static void Queue(TestHost host, TestRing ring, byte value) =>
        _ = ring.Queue(RingElement.Transfer(host.Buffer(value).BusAddress, 1, Ieot));

    private static void Idle(TestHost host)
    {
        for (int i = 0; i < ManyPolls; i++)
        {
            _ = host.Modem.Poll();
        }
    }
}
