using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>Why a device did not come up: the whole sentence that the user gets.</summary>
public sealed class PowerUpReasonTests
{
    [Fact]
    public async Task Ready_ThatNeverComes_IsToldWithAllRegisters()
    {
        var device = new ScriptedDevice();
        device.Values[MhiRegisters.Status] = 0;

        MhiException exception = await FailAsync(device);

        Assert.Equal(MhiErrorCode.NotReady, exception.Code);
        Assert.Equal(
            "scripted did not enter READY within 20 s (MHISTATUS 0x0 (state RESET, READY clear), MHICTRL 0x0 (nothing asked for), EXECENV 2 (AMSS, the mission firmware)). The firmware runs but its MHI side does not start: it is still booting, or waits for a reset that the host cannot do over MHI. Reset the function or power-cycle the device, and allow more time if it starts slowly.",
            exception.Message);
        Assert.False(exception.Seen!.IsReady);
    }

    [Fact]
    public async Task Ready_ThatDoesNotFollowASystemError_IsToldAsThat()
    {
        var device = new ScriptedDevice { FinishesResets = false };
        device.Values[MhiRegisters.Status] = MhiRegisters.StatusSystemError | (0xffu << 8);
        device.OnDoorbell = (offset, _) =>
        {
            if (offset == MhiRegisters.Control)
            {
                device.Values[MhiRegisters.Control] = 0;
            }
        };

        MhiException exception = await FailAsync(device);

        Assert.Contains("MHISTATUS 0xff04 (state SYS_ERR, READY clear, SYSERR set)", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("The firmware failed, and a reset of its MHI did not bring it back. Power-cycle the device.", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.Seen!.IsSystemError);
    }

    [Theory]
    [InlineData(0u, "PBL, the primary boot loader", "restore it with the vendor's flash tool.")]
    [InlineData(1u, "SBL, the secondary boot loader", "restore it with the vendor's flash tool.")]
    [InlineData(3u, "RDDM, the memory dump after a crash", "report the crash to the vendor.")]
    [InlineData(5u, "PTHRU, the pass-through boot loader", "then power-cycle the device.")]
    [InlineData(6u, "EDL, emergency download", "restore its firmware with the vendor's flash tool.")]
    [InlineData(7u, "FP, the flash programmer", "then power-cycle the device.")]
    [InlineData(0x1234u, "no environment of the protocol", "that this function is the modem, and power-cycle the device.")]
    public async Task Firmware_ThatNeverRuns_IsToldWithTheEnvironmentItIsIn(uint environment, string name, string advice)
    {
        var device = new ScriptedDevice();
        device.Values[ScriptedDevice.Bhi + BhiRegisters.ExecutionEnvironment] = environment;

        MhiException exception = await FailAsync(device);

        Assert.Equal(MhiErrorCode.WrongExecutionEnvironment, exception.Code);
        Assert.Equal(environment, exception.Seen!.Environment);
        Assert.Contains($"EXECENV {environment} ({name})", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(advice, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M0_ThatIsInTheRingWithoutAnInterrupt_IsNoInterrupts()
    {
        var device = new ScriptedDevice();
        using var host = new ScriptedHost(device: device);
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(21));
        device.Enter(MhiState.M0);
        _ = host.Controller.Poll();

        var exception = await Assert.ThrowsAsync<MhiException>(() => done);
        Assert.Equal(MhiErrorCode.NoInterrupts, exception.Code);
        Assert.Equal(
            "scripted did not confirm M0 on event ring 0 within 20 s (MHISTATUS 0x201 (state M0, READY set), MHICTRL 0x200 (M0 asked for), EXECENV 2 (AMSS, the mission firmware), an event in event ring 0 that no interrupt told of). The device works and reaches memory, but its interrupts do not reach this process. Check that interrupt remapping is on in the firmware and that the kernel was not booted with pci=nomsi; then power-cycle the device.",
            exception.Message);
    }

    [Fact]
    public async Task M0_ThatTheRegisterShowsWithoutAnEvent_IsDmaThatDoesNotArrive()
    {
        var device = new ScriptedDevice();
        device.OnDoorbell = (offset, value) =>
        {
            if (offset == MhiRegisters.Control)
            {
                device.Values[MhiRegisters.Status] = MhiRegisters.StatusReady | ((uint)MhiState.M0 << 8);
            }
        };

        MhiException exception = await FailAsync(device);

        Assert.Contains("what it writes does not reach host memory", exception.Message, StringComparison.Ordinal);
        Assert.Equal(MhiState.M0, exception.Seen!.State);
    }

    [Fact]
    public async Task Device_ThatLeavesWhileItIsWaitedFor_IsGone()
    {
        var device = new ScriptedDevice();
        using var host = new ScriptedHost(device: device);
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        foreach (uint offset in device.Values.Keys.ToArray())
        {
            device.Values[offset] = MhiRegisters.LinkDown;
        }

        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();

        var exception = await Assert.ThrowsAsync<MhiException>(() => done);
        Assert.Equal(MhiErrorCode.DeviceRemoved, exception.Code);
        Assert.Equal(
            "scripted did not confirm M0 on event ring 0 within 20 s (MHISTATUS 0xffffffff (all ones: nobody answers)). The device does not answer on the bus: it has lost its power or its link, sleeps in D3, or is in a reset. Check power, slot and link, then power-cycle the device, or remove the function and rescan the bus.",
            exception.Message);
    }

    [Fact]
    public void Snapshot_OfABarWithoutBhi_ReadsNoneOfIt()
    {
        var device = new ScriptedDevice();
        device.Values[MhiRegisters.BhiOffset] = 0xff0;

        DeviceSnapshot seen = DeviceSnapshot.Read(device.Registers, device.RegisterLength);

        Assert.Null(seen.Environment);
        Assert.Equal("MHISTATUS 0x101 (state READY, READY set), MHICTRL 0x0 (nothing asked for)", seen.ToString());
    }

    [Fact]
    public void Snapshot_OfARefusedImage_SaysSo()
    {
        var device = new ScriptedDevice();
        device.Values[ScriptedDevice.Bhi + BhiRegisters.Status] = 0xc000_0000;
        device.Values[ScriptedDevice.Bhi + BhiRegisters.ErrorCode] = 0x17;

        Assert.EndsWith(
            "BHI status 0xc0000000 (image refused, error 0x17)",
            DeviceSnapshot.Read(device.Registers, device.RegisterLength).ToString(),
            StringComparison.Ordinal);
    }

    private static async Task<MhiException> FailAsync(ScriptedDevice device)
    {
        using var host = new ScriptedHost(device: device);
        Task done = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        return await Assert.ThrowsAsync<MhiException>(() => done);
    }
}
