using System;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class SystemErrorTests
{
    [Fact]
    public void RaiseSystemError_IsReportedByRegisterEventAndStateVector_AndStopsTheChannels()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(TestHost.LoopbackUp);
        host.Function.Vectors[0].Arm();

        host.Endpoint.RaiseSystemError();
        _ = host.Step();

        Assert.Equal(0xff05u, host.Read(MhiRegisters.Status));
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.SystemError));
        Assert.True(host.Function.Vectors[0].Descriptor.Drain());
        Assert.Equal(["started", "stopped"], function.Calls);
    }

    [Fact]
    public void AfterASystemError_OnlyAResetHelps()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Endpoint.RaiseSystemError();
        _ = host.Step();
        _ = host.EventRings[0].Take();

        host.RequestState(MhiState.M0);
        _ = host.Step();
        Assert.Equal(MhiState.SystemError, host.Endpoint.State);

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.PowerUp();
        host.AssertEchoes();
    }

    [Fact]
    public void HostRequestOfSystemError_MakesTheDeviceFail()
    {
        using TestHost host = TestHost.PoweredUp();

        host.RequestState(MhiState.SystemError);
        _ = host.Step();

        Assert.Equal(MhiState.SystemError, host.Endpoint.State);
    }

    [Fact]
    public void ExceptionOfAFunction_ReachesTheCallerOfPoll_AndTheDeviceCanBeReset()
    {
        var function = new RecordingFunction { Throws = new InvalidOperationException("firmware bug") };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();

        Assert.Same(function.Throws, Assert.Throws<InvalidOperationException>(() => host.Step()));

        function.Throws = null;
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.PowerUp();
        up = host.Start(TestHost.LoopbackUp);
        _ = up.Queue(RingElement.Transfer(host.Buffer(2).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();
        Assert.Equal(new byte[] { 2 }, Assert.Single(function.Received));
    }

    [Fact]
    public void ExceptionOfAFunctionThatIsStopped_DoesNotKeepTheResetFromEnding()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(TestHost.LoopbackUp);
        function.ThrowsOnStop = new InvalidOperationException("firmware bug");

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        Assert.Same(function.ThrowsOnStop, Assert.Throws<InvalidOperationException>(() => host.Step()));
        _ = host.Step();

        Assert.Equal(0u, host.Read(MhiRegisters.Control));
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
    }

    [Fact]
    public void ExceptionOfAFunction_LosesNoElementBehindIt()
    {
        var function = new RecordingFunction { Throws = new InvalidOperationException("firmware bug"), SendsUnasked = false };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        for (byte i = 1; i <= 3; i++)
        {
            _ = up.Queue(RingElement.Transfer(host.Buffer(i).BusAddress, 1, RingElement.EndOfTransferFlag));
        }

        up.RingDoorbell();
        Assert.Throws<InvalidOperationException>(() => host.Step());
        function.Throws = null;
        _ = host.Step();

        Assert.Equal(3, host.EventRings[0].Take().Count);
        Assert.Equal(2, function.Received.Count);
    }
}
