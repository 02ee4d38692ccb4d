using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

/// <summary>Registers and doorbells of a broken or malicious host; a good channel works afterwards all the same.</summary>
public sealed class HostileRegisterTests
{
    private const byte Up = HostileHost.Uplink;
    private const uint Ieot = RingElement.EndOfTransferFlag;
    private const int Elements = 32;

    /// <summary>Doorbells of a started channel: the value from the ring's base, and what it counts as.</summary>
    public static TheoryData<string, long, HostViolation> WrongDoorbells => new()
    {
        { "below the ring", -16, HostViolation.PointerOutsideRing },
        { "at the end of the ring", Elements * 16, HostViolation.PointerOutsideRing },
        { "far beyond", 0x7fff_0000, HostViolation.PointerOutsideRing },
        { "same low half, other high half", 0x1_0000_0000, HostViolation.PointerOutsideRing },
        { "all ones", -1, HostViolation.PointerOutsideRing },
        { "unaligned by 1", 17, HostViolation.PointerUnaligned },
        { "unaligned by 8", 24, HostViolation.PointerUnaligned },
    };

    [Theory]
    [MemberData(nameof(WrongDoorbells))]
    public void WrongChannelDoorbell_IsIgnoredAndCounted(string what, long offset, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);

        up.RingDoorbell(up.Base + (ulong)offset);
        _ = host.Step();

        Assert.True(host.Endpoint.CountOf(violation) == 1, what);
        HostileHost.AssertTakesPackets(host, up);
        host.AssertEchoes();
    }

    [Theory]
    [MemberData(nameof(WrongDoorbells))]
    public void WrongCommandDoorbell_IsIgnoredAndCounted(string what, long offset, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();

        host.Commands.RingDoorbell(host.Commands.Base + (ulong)(offset == Elements * 16 ? 128 * 16 : offset));
        _ = host.Step();

        Assert.True(host.Endpoint.CountOf(violation) == 1, what);
        host.AssertEchoes();
    }

    [Fact]
    public void DoorbellThatPassesUntakenElements_IsRefused()
    {
        var function = new RecordingFunction { Refuses = true };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        ulong buffer = host.Buffer(1).BusAddress;
        for (int i = 0; i < 10; i++)
        {
            _ = up.Queue(RingElement.Transfer(buffer, 1, Ieot));
        }

        up.RingDoorbell();
        _ = host.Step();
        up.RingDoorbell(up.AddressOf(5));
        function.Refuses = false;
        _ = host.Step();
        _ = host.Step();

        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.RingOverrun));
        Assert.Equal(10, function.Received.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(34)]
    [InlineData(Doorbell.EmergencyDownload)]
    [InlineData(Doorbell.DeviceWake)]
    [InlineData(126)]
    public void DoorbellOfAChannelThatDoesNotRun_MovesNothing(int channel)
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);

        host.RingChannel(channel, up.AddressOf(3));
        _ = host.Step();

        Assert.Empty(host.EventRings[0].Take());
        HostileHost.AssertTakesPackets(host, up);
        host.AssertEchoes();
    }

    [Fact]
    public void WakeAndEmergencyDownloadDoorbells_AreNoData()
    {
        using TestHost host = TestHost.PoweredUp();

        host.RingChannel(Doorbell.DeviceWake, 1);
        Assert.True(host.Endpoint.IsWakeAsserted);
        host.RingChannel(Doorbell.EmergencyDownload, 0xeded_eded);
        _ = host.Step();
        host.RingChannel(Doorbell.DeviceWake, 0);

        Assert.False(host.Endpoint.IsWakeAsserted);
        Assert.Empty(host.EventRings[0].Take());
        foreach (HostViolation violation in Enum.GetValues<HostViolation>())
        {
            Assert.Equal(0, host.Endpoint.CountOf(violation));
        }

        host.AssertEchoes();
    }

    [Fact]
    public void EventDoorbellOutsideTheRing_GivesNoRoom_UntilARightOneComes()
    {
        using TestHost host = TestHost.PoweredUp();
        for (int i = 0; i < 127; i++)
        {
            _ = host.Commands.Queue(RingElement.Command(ElementType.StopChannel, Up));
        }

        host.Commands.RingDoorbell();
        _ = host.Step();
        Assert.Equal(127, host.EventRings[0].Read().Count);
        ulong start = host.EventRings[0].Base;
        foreach (ulong value in new ulong[] { 0, 1, ulong.MaxValue, start - 16, start + 2048, start + 3 })
        {
            host.EventRings[0].RingDoorbell(value);
            _ = host.Commands.Queue(RingElement.Command(ElementType.StopChannel, Up));
            host.Commands.RingDoorbell();
            _ = host.Step();
        }

        Assert.Empty(host.EventRings[0].Read());
        host.EventRings[0].Release();
        _ = host.Step();
        Assert.Equal(6, host.EventRings[0].Take().Count);
        host.AssertEchoes();
    }

    [Fact]
    public void WritesToReadOnlyRegisters_ChangeNothing()
    {
        using TestHost host = TestHost.PoweredUp();
        var before = new Dictionary<uint, uint>();
        uint[] writable =
        [
            MhiRegisters.Control,
            MhiRegisters.Configuration,
            MhiRegisters.SocResetRequest,
            TestHost.Bhi + BhiRegisters.ImageAddress,
            TestHost.Bhi + BhiRegisters.ImageAddress + 4,
            TestHost.Bhi + BhiRegisters.ImageSize,
            TestHost.Bhi + BhiRegisters.ImageDoorbell,
            TestHost.Bhi + BhiRegisters.InterruptVector,
        ];
        for (uint offset = 0; offset < 0x400; offset += 4)
        {
            before[offset] = host.Read(offset);
        }

        foreach (uint offset in before.Keys.Where(offset => !writable.Contains(offset) && offset is < 0x58 or >= 0xb0))
        {
            host.Write(offset, ~before[offset]);
            Assert.Equal(before[offset], host.Read(offset));
        }

        _ = host.Step();
        host.AssertEchoes();
    }
}
