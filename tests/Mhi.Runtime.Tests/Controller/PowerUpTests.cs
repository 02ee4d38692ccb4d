using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

public class PowerUpTests
{
    [Fact]
    public void PowerUp_ProgramsTheRegistersInTheProtocolsOrder()
    {
        using var host = new ScriptedHost();
        _ = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();

        uint[] offsets = [.. host.Device.Writes.Select(static write => write.Offset)];
        uint[] expected =
        [
            ScriptedDevice.Bhi + BhiRegisters.InterruptVector,
            ScriptedDevice.Bhi + BhiRegisters.InterruptVector,
            0x5c, 0x58, 0x64, 0x60, 0x6c, 0x68, 0x84, 0x80, 0x9c, 0x98, 0x8c, 0x88, 0xa4, 0xa0,
            0x10, 0x10,
            ScriptedDevice.EventDoorbells + 4, ScriptedDevice.EventDoorbells,
            ScriptedDevice.EventDoorbells + 12, ScriptedDevice.EventDoorbells + 8,
            0x38,
        ];
        Assert.Equal(expected, offsets);
        Assert.Equal(0x0204_0000u, host.Device.Values[MhiRegisters.Configuration] & 0xffff_0000);
        Assert.Equal(0x200u, host.Device.Values[MhiRegisters.Control]);
        Assert.Equal(0xffff_ffffu, host.Device.Pair(MhiRegisters.ControlLimit));
        Assert.True(host.Device.IsBusMaster);
    }

    [Fact]
    public void PowerUp_LaysOutContextsAsTheDeviceExpects()
    {
        using var host = ScriptedHost.InMissionMode();
        int[] elements = [128, 128, 1024, 1024];
        int[] moderation = [0, 5, 1, 1];
        for (int i = 0; i < 4; i++)
        {
            EventContext context = host.Device.Event(i);
            Assert.Equal((uint)moderation[i] << 16, context.Moderation);
            Assert.Equal((uint)i + 1, context.InterruptVector);
            Assert.Equal((ulong)elements[i] * 16, context.RingLength);
            Assert.Equal(0ul, context.RingBase % context.RingLength);
        }

        // Two events have been consumed from ring 0; the others are as opened: all but one element the device's.
        EventContext control = host.Device.Event(0);
        Assert.Equal(control.RingBase + 16, control.WritePointer);
        Assert.Equal(control.WritePointer, host.Device.Pair(ScriptedDevice.EventDoorbells));
        EventContext hardware = host.Device.Event(3);
        Assert.Equal(hardware.RingBase + hardware.RingLength - 16, hardware.WritePointer);
        Assert.Equal(hardware.WritePointer, host.Device.Pair(ScriptedDevice.EventDoorbells + 24));
        CommandContext command = host.Device.Command();
        Assert.Equal(2048ul, command.RingLength);
        Assert.Equal(0ul, command.RingBase % 2048);
        Assert.Equal(1ul, host.Device.ChannelDoorbell(Doorbell.DeviceWake));
    }

    [Fact]
    public void PowerUp_WhenFewVectorsWereGranted_SharesVectorZero()
    {
        using var host = new ScriptedHost(device: new ScriptedDevice(vectors: 1));
        host.PowerUp();
        Assert.All(Enumerable.Range(0, 4), ring => Assert.Equal(0u, host.Device.Event(ring).InterruptVector));
    }

    [Fact]
    public void PowerUp_WhenTheDeviceIsInSystemError_ResetsItFirst()
    {
        var device = new ScriptedDevice();
        device.Values[MhiRegisters.Status] = MhiRegisters.StatusSystemError | (0xffu << 8);
        using var host = new ScriptedHost(device: device);
        host.PowerUp();
        Assert.Contains((MhiRegisters.Control, MhiRegisters.ControlReset), device.Writes);
    }

    [Fact]
    public void PowerUp_WaitsForFirmwareThatIsStillBooting()
    {
        var device = new ScriptedDevice();
        device.Values[ScriptedDevice.Bhi + BhiRegisters.ExecutionEnvironment] = (uint)ExecutionEnvironment.PrimaryBootLoader;
        using var host = new ScriptedHost(device: device);
        _ = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.WaitingForFirmware, host.Controller.State);
        device.Values[ScriptedDevice.Bhi + BhiRegisters.ExecutionEnvironment] = (uint)ExecutionEnvironment.Amss;
        host.PowerUp();
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
    }

    [Theory]
    [InlineData(MhiControllerState.WaitingForFirmware, "mission firmware")]
    [InlineData(MhiControllerState.Resetting, "MHI reset")]
    [InlineData(MhiControllerState.WaitingForReady, "READY")]
    [InlineData(MhiControllerState.WaitingForM0, "M0")]
    [InlineData(MhiControllerState.WaitingForMissionMode, "execution environment")]
    public async Task PowerUp_WhenAStepTakesTooLong_NamesTheStepAndWhatWasSeen(MhiControllerState stuck, string word)
    {
        var device = new ScriptedDevice { FinishesResets = false };
        switch (stuck)
        {
            case MhiControllerState.WaitingForFirmware:
                device.Values[ScriptedDevice.Bhi + BhiRegisters.ExecutionEnvironment] = 0;
                break;
            case MhiControllerState.Resetting:
                device.Values[MhiRegisters.Control] = MhiRegisters.ControlReset;
                break;
            case MhiControllerState.WaitingForReady:
                device.Values[MhiRegisters.Status] = 0;
                break;
        }

        using var host = new ScriptedHost(device: device);
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        if (stuck == MhiControllerState.WaitingForMissionMode)
        {
            device.Post(0, RingElement.StateEvent(MhiState.M0));
            _ = host.Controller.Poll();
        }

        Assert.Equal(stuck, host.Controller.State);
        Assert.InRange(host.Controller.MillisecondsUntilDue(), 1, 20_000);
        host.Time.Advance(TimeSpan.FromSeconds(19));
        _ = host.Controller.Poll();
        Assert.False(done.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(2));
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => done);
        Assert.Equal(
            stuck == MhiControllerState.WaitingForFirmware ? MhiErrorCode.WrongExecutionEnvironment : MhiErrorCode.NotReady, exception.Code);
        Assert.Equal(stuck, exception.Seen!.Phase);
        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
        Assert.Contains("MHISTATUS 0x", exception.Message, StringComparison.Ordinal);
        Assert.Contains("20 s", exception.Message, StringComparison.Ordinal);
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.False(device.IsBusMaster);
        Assert.Equal(0, device.LiveRegions);
    }

    [Theory]
    [InlineData(MhiRegisters.BhiOffset, 0x0fffu)]
    [InlineData(MhiRegisters.BhiOffset, 0xf40u)]
    [InlineData(MhiRegisters.BhiOffset, 0x10u)]
    [InlineData(MhiRegisters.BhiOffset, 0xffff_fff0u)]
    [InlineData(MhiRegisters.ChannelDoorbellOffset, 0x302u)]
    [InlineData(MhiRegisters.ChannelDoorbellOffset, 0xc04u)]
    [InlineData(MhiRegisters.EventDoorbellOffset, 0xffcu)]
    [InlineData(MhiRegisters.EventDoorbellOffset, 0u)]
    public async Task PowerUp_WhenABlockLiesOutsideTheBar_FailsWithTheRegistersName(uint register, uint value)
    {
        var device = new ScriptedDevice();
        device.Values[register] = value;
        using var host = new ScriptedHost(device: device);
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => done);
        Assert.Equal(MhiErrorCode.ProtocolViolation, exception.Code);
        Assert.Contains($"0x{value:x}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MhiRegisters.BhiOffset)]
    [InlineData(ScriptedDevice.Bhi + BhiRegisters.ExecutionEnvironment)]
    [InlineData(MhiRegisters.Control)]
    [InlineData(MhiRegisters.Status)]
    [InlineData(MhiRegisters.EventDoorbellOffset)]
    public async Task PowerUp_WhenTheDeviceLeavesTheBus_SaysSo(uint register)
    {
        var device = new ScriptedDevice();
        device.Values[register] = 0xffff_ffff;
        using var host = new ScriptedHost(device: device);
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => done);
        Assert.Equal(MhiErrorCode.DeviceRemoved, exception.Code);
        Assert.Contains("all ones", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PowerUp_AfterAFailure_WorksAgain()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(MhiErrorCode.SystemError, host.Controller.Failure!.Code);
        host.PowerUp();
        Assert.Null(host.Controller.Failure);
        using var channel = new ChannelGuard(host, host.Open<SmallLoopback>());
    }

    [Fact]
    public async Task PowerUp_WhenEventAndRegisterDisagree_Fails()
    {
        using var host = new ScriptedHost();
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        host.Device.Values[ScriptedDevice.Bhi + BhiRegisters.ExecutionEnvironment] = (uint)ExecutionEnvironment.RamDump;
        host.Device.Post(0, RingElement.StateEvent(MhiState.M0));
        host.Device.Post(0, RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.ProtocolViolation, (await Assert.ThrowsAsync<MhiException>(() => done)).Code);
    }

    [Fact]
    public async Task PowerUp_IsSharedByEverybodyWhoAsks()
    {
        using var host = new ScriptedHost();
        Task first = host.Controller.PowerUpAsync();
        Task second = host.Controller.PowerUpAsync();
        host.PowerUp();
        await first;
        await second;
    }

    [Fact]
    public void PowerDown_ResetsTheDeviceAndReleasesEverything()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task done = host.Controller.PowerDownAsync();
        host.Settle(done);
        Assert.Equal(MhiControllerState.Off, host.Controller.State);
        Assert.False(host.Device.IsBusMaster);
        Assert.Equal(0ul, host.Device.ChannelDoorbell(Doorbell.DeviceWake));
        Assert.Contains(host.Device.Writes, static write => write.Offset == MhiRegisters.Control && (write.Value & MhiRegisters.ControlReset) != 0);
        Assert.Equal(MhiErrorCode.ChannelStopped, channel.Failure!.Code);
        host.Settle(channel.CloseAsync());
        Assert.Equal(0, host.Device.LiveRegions);
    }

    [Fact]
    public void PowerDown_WhenTheResetNeverEnds_GivesUpAfterItsTime()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.FinishesResets = false;
        Task done = host.Controller.PowerDownAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.ShuttingDown, host.Controller.State);
        host.Time.Advance(TimeSpan.FromSeconds(21));
        host.Settle(done);
        Assert.Equal(MhiControllerState.Off, host.Controller.State);
    }
}
