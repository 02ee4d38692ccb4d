using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class EmulatedModemTests
{
    [Fact]
    public void Dun_AnswersAtCommands()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(32);
        TestRing down = host.Start(33);
        DmaRegion buffer = host.Buffer(new byte[256]);
        _ = down.Queue(RingElement.Transfer(buffer.BusAddress, 256, RingElement.EndOfTransferFlag));
        down.RingDoorbell();

        byte[] command = "AT\r"u8.ToArray();
        _ = up.Queue(RingElement.Transfer(host.Buffer(command).BusAddress, (ushort)command.Length, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();

        Assert.Contains("OK", Encoding.ASCII.GetString(buffer.Memory.Slice(0, 256)), StringComparison.Ordinal);
    }

    [Fact]
    public void FunctionForAnUnknownChannel_IsAnArgumentError()
    {
        var functions = new Dictionary<string, ChannelFunction> { ["NOSUCH"] = new EchoFunction() };

        ArgumentException error = Assert.Throws<ArgumentException>(() => new EmulatedModem(functions: functions));

        Assert.Contains("NOSUCH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_Twice_IsRefused()
    {
        using var modem = new EmulatedModem();
        modem.Start();

        Assert.Throws<InvalidOperationException>(modem.Start);
    }

    [Fact]
    public void Poll_OfADeviceWithItsOwnThread_IsRefused()
    {
        using var modem = new EmulatedModem();
        modem.Start();

        Assert.Throws<InvalidOperationException>(() => modem.Poll());
    }

    [Fact]
    public void IdleDevice_WithAnAtPortOpen_HasNothingToDo()
    {
        using TestHost host = TestHost.PoweredUp();
        _ = host.Start(32);
        _ = host.Start(33);

        Assert.Equal(0, host.Modem.Poll());
        Assert.False(host.Endpoint.MustBePolled);
    }

    [Fact]
    public void OwnThread_CarriesPacketsBothWays_WhetherAwakeOrAsleep()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        TestRing down = host.Start(TestHost.LoopbackDown);
        DmaRegion source = host.Buffer(new byte[64]);
        DmaRegion target = host.Buffer(new byte[64]);
        host.Modem.Start();
        for (int round = 0; round < 2000; round++)
        {
            source.Memory.Slice(0, 4).Fill((byte)round);
            _ = down.Queue(RingElement.Transfer(target.BusAddress, 64, RingElement.EndOfTransferFlag));
            down.RingDoorbell();
            _ = up.Queue(RingElement.Transfer(source.BusAddress, 4, RingElement.EndOfTransferFlag));
            up.RingDoorbell();
            int events = 0;
            SpinWait.SpinUntil(() => (events += host.EventRings[0].Take().Count) == 2);
            Assert.Equal((byte)round, target.Memory.Slice(0, 4)[3]);
            if (round % 100 == 0)
            {
                // Long enough that the device gives up polling.
                Thread.SpinWait(200_000);
            }
        }

        Assert.Null(host.Modem.Fault);
    }

    [Fact]
    public void OwnThread_TurnsAnExceptionOfAFunctionIntoASystemError_AndResetRecovers()
    {
        var function = new RecordingFunction { Throws = new InvalidOperationException("firmware bug") };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        host.Modem.Start();

        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        SpinWait.SpinUntil(() => host.Read(MhiRegisters.Status) == 0xff05);
        Assert.Same(function.Throws, host.Modem.Fault);

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        SpinWait.SpinUntil(() => host.Read(MhiRegisters.Control) == 0);
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
    }

    [Fact]
    public void OwnThread_RaisesAModeratedInterruptWhileItSleeps()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(4);
        host.Modem.Start();
        host.Function.Vectors[2].Arm();

        _ = up.Queue(RingElement.Transfer(
            host.Buffer(1).BusAddress, 1, RingElement.EndOfTransferFlag | RingElement.BlockInterruptFlag));
        up.RingDoorbell();

        SpinWait.SpinUntil(host.Function.Vectors[2].Descriptor.Drain);
        Assert.Single(host.EventRings[1].Take());
    }

    [Fact]
    public void BusMasterOff_MeansNoAccessAfterTheCall_EvenWhileTheDeviceRuns()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        DmaRegion buffer = host.Buffer(new byte[16]);
        host.Modem.Start();
        for (int round = 0; round < 50; round++)
        {
            _ = up.Queue(RingElement.Transfer(buffer.BusAddress, 16, RingElement.EndOfTransferFlag));
            up.RingDoorbell();
            host.Function.SetBusMaster(false);
            ulong before = host.EventRings[0].ReadPointer;
            Thread.SpinWait(1000);
            Assert.Equal(before, host.EventRings[0].ReadPointer);
            host.Function.SetBusMaster(true);
        }
    }

    [Fact]
    public void BusMasterOff_ReturnsOnlyWhenTheDeviceIsNotAtWork()
    {
        var function = new SlowFunction();
        using TestHost host = TestHost.PoweredUp(new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = function });
        TestRing up = host.Start(TestHost.LoopbackUp);
        host.Modem.Start();
        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        SpinWait.SpinUntil(() => function.HasEntered);

        host.Function.SetBusMaster(false);

        Assert.True(function.HasLeft);
    }
}
