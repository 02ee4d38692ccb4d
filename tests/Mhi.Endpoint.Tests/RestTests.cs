using System;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class RestTests
{
    private const int IdleMilliseconds = 30;

    private readonly ManualClock _clock = new();

    [Fact]
    public void IdleDevice_OffersM1_GoesToM2OnRequest_AndWakeBringsItBack()
    {
        using TestHost host = PoweredUp();

        _clock.Advance(IdleMilliseconds - 1);
        Assert.Equal(0, host.Step());
        Assert.Equal(MhiState.M0, host.Endpoint.State);
        Idle(host, 1);
        Assert.Equal(0x301u, host.Read(MhiRegisters.Status));

        host.RequestState(MhiState.M2);
        _ = host.Step();
        Assert.Equal(0x401u, host.Read(MhiRegisters.Status));
        Assert.Empty(host.EventRings[0].Take());
        Assert.False(host.Endpoint.TryGetDelay(out _));

        host.RingChannel(Doorbell.DeviceWake, 1);
        _ = host.Step();
        Assert.Equal(0x201u, host.Read(MhiRegisters.Status));
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0));
        Assert.Equal(0, host.Endpoint.CountOf(HostViolation.InvalidStateRequest));
    }

    [Fact]
    public void DeviceHeldAwake_StaysInM0_UntilWakeIsTakenAway()
    {
        using TestHost host = PoweredUp();
        host.RingChannel(Doorbell.DeviceWake, 1);
        _ = host.Step();
        _clock.Advance(10 * IdleMilliseconds);
        _ = host.Step();
        Assert.Equal(MhiState.M0, host.Endpoint.State);

        host.RingChannel(Doorbell.DeviceWake, 0);
        _ = host.Step();

        Idle(host, IdleMilliseconds);
    }

    [Fact]
    public void DoorbellInM2_BringsTheDeviceBack_AndItsDataMoves()
    {
        using TestHost host = PoweredUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        Rest(host);
        host.RingChannel(Doorbell.DeviceWake, 0);
        _ = host.Step();
        Assert.Equal(MhiState.M2, host.Endpoint.State);

        ulong element = up.Queue(RingElement.Transfer(host.Buffer(7).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.StateEvent(MhiState.M0),
            RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
    }

    [Fact]
    public void CommandInM2_BringsTheDeviceBack_AndIsCarriedOut()
    {
        using TestHost host = PoweredUp();
        Rest(host);

        host.WriteChannelContext(TestHost.LoopbackUp, host.DefaultChannelContext(TestHost.LoopbackUp));
        ulong command = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, TestHost.LoopbackUp));
        host.Commands.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0), RingElement.CommandEvent(command, CompletionCode.Success));
    }

    [Fact]
    public void InM1_DataStillMoves_AndM2EndsAtOnceWhileTheDeviceIsHeldAwake()
    {
        using TestHost host = PoweredUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        Idle(host, IdleMilliseconds);
        host.RingChannel(Doorbell.DeviceWake, 1);
        ulong element = up.Queue(RingElement.Transfer(host.Buffer(7).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();
        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));

        host.RequestState(MhiState.M2);
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0));
        Assert.Equal(MhiState.M0, host.Endpoint.State);
    }

    [Fact]
    public void BurstModeInM2_IsFollowed_AlthoughNoDoorbellRings()
    {
        using TestHost host = PoweredUp();
        TestRing up = host.Start(100);
        Rest(host);
        Assert.True(host.Endpoint.TryGetDelay(out TimeSpan delay));
        Assert.Equal(TimeSpan.FromMilliseconds(1), delay);

        _ = up.Queue(RingElement.Transfer(host.Buffer(7).BusAddress, 1, RingElement.EndOfTransferFlag));
        Assert.Equal(0, host.Step());
        _clock.Advance(1);
        _ = host.Step();

        Assert.Equal(MhiState.M0, host.Endpoint.State);
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SuspendOfARestingDevice_IsObeyed(bool fromM2)
    {
        using TestHost host = PoweredUp();
        Idle(host, IdleMilliseconds);
        if (fromM2)
        {
            host.RequestState(MhiState.M2);
            _ = host.Step();
        }

        host.RequestState(MhiState.M3);
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M3));
        _clock.Advance(10 * IdleMilliseconds);
        Assert.Equal(0, host.Step());

        host.RequestState(MhiState.M0);
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0));
        host.AssertEchoes();
    }

    [Fact]
    public void Reset_InM2_MakesTheDeviceReady()
    {
        using TestHost host = PoweredUp();
        Rest(host);

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));

        host.PowerUp();
        host.AssertEchoes();
    }

    private TestHost PoweredUp()
    {
        var host = new TestHost(
            clock: _clock, options: new EndpointOptions { IdleTime = TimeSpan.FromMilliseconds(IdleMilliseconds) });
        host.PowerUp();
        return host;
    }

    private void Idle(TestHost host, int milliseconds)
    {
        _clock.Advance(milliseconds);
        for (int i = 0; i < 3000; i++)
        {
            _ = host.Modem.Poll();
        }

        _clock.Advance(IdleMilliseconds);
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M1));
    }

    private void Rest(TestHost host)
    {
        Idle(host, IdleMilliseconds);
        host.RequestState(MhiState.M2);
        _ = host.Step();
        Assert.Equal(MhiState.M2, host.Endpoint.State);
    }
}
