using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class ResetTests
{
    [Fact]
    public void Reset_ReadsAsSetUntilTheDeviceIsDone_ThenTheDeviceIsReadyByItself()
    {
        using TestHost host = TestHost.PoweredUp();

        host.Write(MhiRegisters.Control, 0x202);
        Assert.Equal(0x2u, host.Read(MhiRegisters.Control));
        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        _ = host.Step();

        Assert.Equal(0u, host.Read(MhiRegisters.Control));
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
    }

    [Fact]
    public void Reset_ClearsWhatTheHostProgrammed()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Write(TestHost.Bhi + BhiRegisters.InterruptVector, 3);
        host.RingChannel(5, 0x1234_5670);

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();

        Assert.Equal(0u, host.Read(TestHost.Bhi + BhiRegisters.InterruptVector));
        Assert.Equal(0u, host.Read(MhiRegisters.ChannelContextBase));
        Assert.Equal(0u, host.Read(MhiRegisters.DataLimit));
        Assert.Equal(0u, host.Read(TestHost.ChannelDoorbells + (5 * 8)));
        Assert.Equal(0u, host.Read(TestHost.EventDoorbells));
        Assert.Equal(0x0008_2080u, host.Read(MhiRegisters.Configuration));
    }

    [Fact]
    public void Reset_StopsTheChannelsWithoutTouchingHostMemory_AndTheHostCanStartAgain()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(TestHost.LoopbackUp);
        _ = host.Start(TestHost.LoopbackDown);

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();

        Assert.Equal(["started", "stopped"], function.Calls);
        Assert.Equal(ChannelState.Running, host.StateOf(TestHost.LoopbackUp));
        host.PowerUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = up.Queue(RingElement.Transfer(host.Buffer(7).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();
        Assert.Equal(new byte[] { 7 }, Assert.Single(function.Received));
    }

    [Fact]
    public void Reset_RaisesTheStateVector()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Function.Vectors[0].Arm();

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();

        Assert.True(host.Function.Vectors[0].Descriptor.Drain());
    }

    [Fact]
    public void ResetThenM0_BeforeTheDeviceLooks_AreBothCarriedOut()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        host.Program();

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(MhiState.M0, host.Endpoint.State);
        host.EventRings[0].Release();
        _ = host.EventRings[0].Take();
        host.AssertEchoes();
    }

    [Fact]
    public void M0ThenReset_BeforeTheDeviceLooks_LeavesItReady()
    {
        using var host = new TestHost();
        host.Program();

        host.RequestState(MhiState.M0);
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();

        Assert.Equal(MhiState.Ready, host.Endpoint.State);
        Assert.Equal(0, host.Endpoint.CountOf(HostViolation.InvalidStateRequest));
    }

    [Fact]
    public void SocReset_BringsTheDeviceBackReady()
    {
        using TestHost host = TestHost.PoweredUp();

        host.Write(MhiRegisters.SocResetRequest, 1);
        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        _ = host.Step();

        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
        Assert.Equal(0u, host.Read(MhiRegisters.Control));
        host.PowerUp();
        host.AssertEchoes();
    }

    [Fact]
    public void FunctionReset_IsAsPowerOn_AndBusMasterIsOff()
    {
        using TestHost host = TestHost.PoweredUp();

        host.Function.Reset();
        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        _ = host.Step();
        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(MhiState.Ready, host.Endpoint.State);
        host.Function.Reset();
        _ = host.Step();
        host.PowerUp();
        host.AssertEchoes();
    }

    [Fact]
    public void DoorbellRungBeforeAReset_DoesNotComeBack()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.PowerUp();
        _ = host.Start(TestHost.LoopbackUp);

        Assert.Empty(function.Received);
        Assert.Empty(host.EventRings[0].Take());
    }
}
