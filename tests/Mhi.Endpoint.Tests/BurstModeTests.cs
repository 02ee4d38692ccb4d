using System;
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

    // More looks than the device takes before it rests.
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
    public void IdleUplink_IsLookedAtNowAndThen_AndAsksForNothing()
    {
        var function = new RecordingFunction { SendsUnasked = false };
        var clock = new ManualClock();
        using TestHost host = PoweredUp(function, clock);
        TestRing up = host.Start(Up);

        Idle(host);
        Assert.False(host.Endpoint.MustBePolled);
        Assert.True(host.Endpoint.TryGetDelay(out TimeSpan delay));
        Assert.Equal(TimeSpan.FromMilliseconds(1), delay);

        Queue(host, up, 1);
        Idle(host);
        Assert.Empty(function.Received);
        clock.Advance(1);
        _ = host.Step();
        Assert.Single(function.Received);
        AssertEvents.Equal(host.EventRings[2].Take(), RingElement.TransferEvent(up.Base, CompletionCode.EndOfTransfer, 1, Up));

        Queue(host, up, 2);
        _ = host.Step();
        Assert.Equal(2, function.Received.Count);
    }

    [Fact]
    public void IdleUplink_IsLookedAtAtOnceWhenADoorbellRings()
    {
        var function = new RecordingFunction { SendsUnasked = false };
        using TestHost host = PoweredUp(function, new ManualClock());
        TestRing up = host.Start(Up);
        Idle(host);
        Queue(host, up, 1);

        up.RingDoorbell();
        _ = host.Step();

        Assert.Single(function.Received);
        Assert.True(host.Endpoint.MustBePolled);
    }

    [Fact]
    public void SuspendedDevice_LooksAtNothing()
    {
        var function = new RecordingFunction { SendsUnasked = false };
        var clock = new ManualClock();
        using TestHost host = PoweredUp(function, clock);
        TestRing up = host.Start(Up);
        Idle(host);
        host.RequestState(MhiState.M3);
        _ = host.Step();
        Queue(host, up, 1);
        clock.Advance(100);
        _ = host.Step();

        Assert.Empty(function.Received);
        Assert.False(host.Endpoint.TryGetDelay(out _));
        host.RequestState(MhiState.M0);
        _ = host.Step();
        clock.Advance(1);
        _ = host.Step();
        Assert.Single(function.Received);
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
    public void DownlinkWithoutBuffers_GoesOnWhenItFindsOne()
    {
        var function = new RecordingFunction();
        var clock = new ManualClock();
        using TestHost host = PoweredUp(function, clock);
        TestRing down = host.Start(Down);
        function.Send(1, 2);
        Idle(host);
        Assert.Empty(host.EventRings[3].Take());
        Assert.False(host.Endpoint.MustBePolled);

        DmaRegion buffer = host.Buffer(new byte[8]);
        ulong posted = down.Queue(RingElement.Transfer(buffer.BusAddress, 8, Ieot));
        clock.Advance(1);
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

    // A stock kernel clears the contexts before it asks for a reset of the whole device.
    [Fact]
    public void ClearedWritePointer_InTheContext_IsNoViolation()
    {
        var function = new RecordingFunction();
        using TestHost host = PoweredUp(function);
        TestRing up = host.Start(Up);
        Queue(host, up, 1);
        _ = host.Step();

        TestHost.WritePair(host.ChannelContexts, (Up * RingContext.Length) + RingContext.WritePointer, 0);
        Idle(host);

        Assert.Equal(0, host.Endpoint.CountOf(HostViolation.PointerOutsideRing));
        Assert.Single(function.Received);
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

    private static TestHost PoweredUp(RecordingFunction function, ManualClock? clock = null)
    {
        // The accelerated channels' own name and rings; no moderation, so that every test sees its events at once.
        DeviceProfile profile = KnownProfiles.FoxconnT99W175;
        profile = profile with
        {
            EventRings = [.. profile.EventRings.Select(ring => ring with { ModerationMilliseconds = 0 })],
        };
        return TestHost.PoweredUp(new Dictionary<string, ChannelFunction> { ["IP_HW0_MBIM"] = function }, clock, profile);
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
