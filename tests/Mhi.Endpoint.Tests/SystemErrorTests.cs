using System;
using System.Text;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class SystemErrorTests
{
    [Fact]
    public void RaiseSystemError_IsReportedByRegisterAndStateVector_ByNoEvent_AndStopsTheChannels()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(TestHost.LoopbackUp);
        host.Function.Vectors[0].Arm();

        host.Endpoint.RaiseSystemError();
        _ = host.Step();

        Assert.Equal(0xff05u, host.Read(MhiRegisters.Status));
        Assert.Empty(host.EventRings[0].Take());
        Assert.True(host.Function.Vectors[0].Descriptor.Drain());
        Assert.Equal(["started", "stopped"], function.Calls);
    }

    [Fact]
    public void AfterASystemError_OnlyAResetHelps()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Endpoint.RaiseSystemError();
        _ = host.Step();

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

    [Fact]
    public void RestartByAtCommand_AnswersFirst_ThenFailsOnce_AndComesBackAfterAReset()
    {
        using TestHost host = TestHost.PoweredUp();
        DmaRegion answer = StartAndSend(host, "AT+CFUN=1,1\r");
        Assert.Equal("AT+CFUN=1,1\r\r\nOK\r\n", Encoding.ASCII.GetString(answer.Memory.Slice(0, 18)));
        Assert.Equal(0xff05u, host.Read(MhiRegisters.Status));

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
        host.PowerUp();
        answer = StartAndSend(host, "AT\r");
        Assert.Equal("AT\r\r\nOK\r\n", Encoding.ASCII.GetString(answer.Memory.Slice(0, 9)));
        Assert.Equal(MhiState.M0, host.Endpoint.State);
    }

    [Fact]
    public void RestartByAtCommand_WaitsUntilTheHostHasTheAnswer()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing down = host.Start(33);
        TestRing up = host.Start(32);
        Send(host, up, "AT+CFUN=1,1\r");
        Assert.Equal(MhiState.M0, host.Endpoint.State);

        _ = down.Queue(RingElement.Transfer(host.Buffer(new byte[256]).BusAddress, 256, RingElement.EndOfTransferFlag));
        down.RingDoorbell();
        StepOften(host);

        Assert.Equal(MhiState.SystemError, host.Endpoint.State);
    }

    private static DmaRegion StartAndSend(TestHost host, string command)
    {
        TestRing down = host.Start(33);
        TestRing up = host.Start(32);
        DmaRegion buffer = host.Buffer(new byte[256]);
        _ = down.Queue(RingElement.Transfer(buffer.BusAddress, 256, RingElement.EndOfTransferFlag));
        down.RingDoorbell();
        Send(host, up, command);
        return buffer;
    }

    private static void Send(TestHost host, TestRing up, string command)
    {
        byte[] text = Encoding.ASCII.GetBytes(command);
        _ = up.Queue(RingElement.Transfer(host.Buffer(text).BusAddress, (ushort)text.Length, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        StepOften(host);
    }

    private static void StepOften(TestHost host)
    {
        for (int i = 0; i < 4; i++)
        {
            _ = host.Step();
        }
    }
}
