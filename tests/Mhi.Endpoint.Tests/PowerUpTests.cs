using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class PowerUpTests
{
    [Fact]
    public void AfterPowerOn_DeviceIsReadyInMissionMode_AndRegistersDescribeIt()
    {
        using var host = new TestHost();

        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
        Assert.Equal(0u, host.Read(MhiRegisters.Control));
        Assert.Equal(0x0100_0000u, host.Read(MhiRegisters.Version));
        Assert.Equal(TestHost.ChannelDoorbells, host.Read(MhiRegisters.ChannelDoorbellOffset));
        Assert.Equal(TestHost.EventDoorbells, host.Read(MhiRegisters.EventDoorbellOffset));
        Assert.Equal(0x2080u, host.Read(MhiRegisters.Configuration) & 0xffff);
        Assert.Equal(8u, (host.Read(MhiRegisters.Configuration) & MhiRegisters.EventRingsMask) >> MhiRegisters.EventRingsShift);
        uint bhi = host.Read(MhiRegisters.BhiOffset);
        Assert.Equal(TestHost.Bhi, bhi);
        Assert.Equal((uint)ExecutionEnvironment.Amss, host.Read(bhi + BhiRegisters.ExecutionEnvironment));
        Assert.Equal(EndpointIdentity.Emulated.SerialNumber, host.Read(bhi + BhiRegisters.SerialNumber));
        Assert.Equal(EndpointIdentity.Emulated.SocHardwareVersion, host.Read(MhiRegisters.SocHardwareVersion));
        Assert.Equal(0x1000u, host.Function.RegisterLength);
    }

    [Fact]
    public void RequestOfM0_SendsTheStateThenTheEnvironment_AndInterruptsOnce()
    {
        using var host = new TestHost();
        host.Program();
        host.Function.Vectors[1].Arm();

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(0x201u, host.Read(MhiRegisters.Status));
        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0), RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        Assert.True(host.Function.Vectors[1].Descriptor.Drain());
        Assert.Equal(1, host.Endpoint.InterruptsRaised);
    }

    [Fact]
    public void RequestOfM0_InM0_IsHarmless()
    {
        using TestHost host = TestHost.PoweredUp();

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(MhiState.M0, host.Endpoint.State);
        Assert.Empty(host.EventRings[0].Take());
        host.AssertEchoes();
    }

    [Fact]
    public void RequestOfM0_WithoutBusMaster_WaitsForIt()
    {
        using var host = new TestHost();
        host.Program();
        host.Function.SetBusMaster(false);

        host.RequestState(MhiState.M0);
        _ = host.Step();
        Assert.Equal(MhiState.Ready, host.Endpoint.State);
        Assert.Equal(0, host.Modem.Memory.RefusedReads);

        host.Function.SetBusMaster(true);
        _ = host.Step();
        Assert.Equal(MhiState.M0, host.Endpoint.State);
    }

    [Fact]
    public void RequestOfM0_WithAFullControlRing_KeepsItsEventsUntilThereIsRoom()
    {
        using var host = new TestHost();
        host.Program();
        EventContext context = host.DefaultEventContext(0);
        context.WritePointer = context.ReadPointer;
        host.WriteEventContext(0, context);
        host.EventRings[0].RingDoorbell(context.ReadPointer);

        host.RequestState(MhiState.M0);
        _ = host.Step();
        Assert.Equal(MhiState.M0, host.Endpoint.State);
        Assert.Empty(host.EventRings[0].Read());

        // Room for one, then for the rest.
        host.EventRings[0].RingDoorbell(host.EventRings[0].AddressOf(1));
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Read(), RingElement.StateEvent(MhiState.M0));
        host.EventRings[0].Release();
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Read(), RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        host.EventRings[0].Release();
        host.AssertEchoes();
    }

    [Fact]
    public void StateRequests_WithAFullControlRing_AreDeferredAndNoneOfTheirEventsIsLost()
    {
        using TestHost host = TestHost.PoweredUp();
        for (int i = 0; i < 127; i++)
        {
            _ = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, 200));
        }

        host.Commands.RingDoorbell();
        _ = host.Step();
        Assert.Equal(127, host.EventRings[0].Read().Count);

        for (int i = 0; i < 20; i++)
        {
            host.RequestState(host.Endpoint.State == MhiState.M0 ? MhiState.M3 : MhiState.M0);
            _ = host.Step();
        }

        // Seven could be kept; the eighth request waits in its register, which holds only the newest.
        Assert.Equal(MhiState.M3, host.Endpoint.State);
        host.EventRings[0].Release();
        _ = host.Step();
        Assert.Equal(MhiState.M0, host.Endpoint.State);
        string states = string.Join(" ", host.EventRings[0].Take().Select(element => element.State));
        Assert.Equal("M3 M0 M3 M0 M3 M0 M3 M0", states);
        host.AssertEchoes();
    }

    [Theory]
    [InlineData(MhiState.M1)]
    [InlineData(MhiState.M2)]
    [InlineData((MhiState)0x06)]
    [InlineData((MhiState)0x77)]
    public void RequestOfAnotherState_IsCountedAndIgnored(MhiState state)
    {
        using TestHost host = TestHost.PoweredUp();

        host.RequestState(state);
        _ = host.Step();

        Assert.Equal(MhiState.M0, host.Endpoint.State);
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidStateRequest));
        host.AssertEchoes();
    }
}
