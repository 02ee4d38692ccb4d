using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

/// <summary>
/// Which of several vectors comes: that of BHI INTVEC for what only registers tell, that of the event ring for what an event
/// tells. A Linux host looks at the registers when the first comes, and at the ring when the second does.
/// </summary>
public sealed class StateVectorTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void StepsOfAStart_BeforeThereIsAnEventRing_RaiseTheStateVector()
    {
        using var host = new TestHost(
            clock: _clock, options: new EndpointOptions { StartEnvironment = ExecutionEnvironment.PrimaryBootLoader });
        host.Function.SetBusMaster(true);
        byte[] image = [1, 2, 3, 4];
        host.WriteRegisterPair(TestHost.Bhi + BhiRegisters.ImageAddress, host.Buffer(image).BusAddress);
        host.Write(TestHost.Bhi + BhiRegisters.ImageSize, (uint)image.Length);
        host.Write(TestHost.Bhi + BhiRegisters.ImageDoorbell, 5);
        _ = host.Step();
        Arm(host);

        AssertStateVector(host, 200);
        Assert.Equal((uint)ExecutionEnvironment.SecondaryBootLoader, host.Read(TestHost.Bhi + BhiRegisters.ExecutionEnvironment));
        AssertStateVector(host, 30);
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
    }

    [Fact]
    public void StatesThatAnEventTells_RaiseTheVectorOfTheRingOnly()
    {
        using TestHost host = TestHost.PoweredUp();
        _ = host.EventRings[0].Take();
        Arm(host);

        foreach (MhiState state in new[] { MhiState.M3, MhiState.M0 })
        {
            host.RequestState(state);
            _ = host.Step();

            Assert.Equal(state, host.Endpoint.State);
            AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(state));
            Assert.True(Raised(host, 1));
            Assert.False(Raised(host, 0));
        }
    }

    [Fact]
    public void SystemErrorAndReset_RaiseTheVectorThatTheHostHasChosen_UntilTheResetForgetsIt()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Write(TestHost.Bhi + BhiRegisters.InterruptVector, 2);
        Arm(host);

        host.Endpoint.RaiseSystemError();
        _ = host.Step();
        Assert.True(Raised(host, 2));
        Assert.False(Raised(host, 0));
        Assert.False(Raised(host, 1));

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        Assert.True(Raised(host, 0));
        Assert.False(Raised(host, 2));
    }

    [Fact]
    public void VectorThatWasNotGranted_BecomesTheFirst()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Write(TestHost.Bhi + BhiRegisters.InterruptVector, uint.MaxValue);
        Arm(host);

        host.Endpoint.RaiseSystemError();
        _ = host.Step();

        Assert.True(Raised(host, 0));
    }

    private static void Arm(TestHost host)
    {
        foreach (InterruptVector vector in host.Function.Vectors)
        {
            _ = vector.Descriptor.Drain();
            vector.Arm();
        }
    }

    private static bool Raised(TestHost host, int vector)
    {
        bool raised = host.Function.Vectors[vector].Descriptor.Drain();
        host.Function.Vectors[vector].Arm();
        return raised;
    }

    private void AssertStateVector(TestHost host, int milliseconds)
    {
        _clock.Advance(milliseconds);
        _ = host.Step();
        Assert.True(Raised(host, 0));
        Assert.False(Raised(host, 1));
    }
}
