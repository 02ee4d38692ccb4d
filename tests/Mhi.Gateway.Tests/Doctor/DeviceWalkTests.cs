using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Endpoint.Functions;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Doctor;
using Mhi.Gateway.Tests.Infrastructure;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Gateway.Tests.Doctor;

/// <summary>Every way in which a device itself can fail, provoked, and what the user is told.</summary>
public sealed class DeviceWalkTests
{
    private const uint Bhi = 0x100;
    private const uint Environment = Bhi + BhiRegisters.ExecutionEnvironment;

    [Fact]
    public void Walk_OfAGoodDevice_EndsWithDataAndInterrupts()
    {
        using var patient = new Patient();

        patient.Examine();

        Assert.Null(patient.Report.Failure);
        Assert.Equal(
            ["registers", "environment", "state", "vectors", "mission", "loopback", "interrupts"], patient.Report.Findings.Select(finding => finding.Step));
        Assert.All(patient.Report.Findings, finding => Assert.Equal(FindingState.Ok, finding.State));
        Assert.StartsWith("16 packets of 1024 bytes came back unchanged", patient.Find("loopback").Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_ThatReadsAllOnes_IsADeviceThatDoesNotAnswer()
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function) { OnRead = static (_, _) => uint.MaxValue });

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "registers",
            "Every register of the BAR reads as all ones (0xffffffff).",
            "The device does not answer on the bus: it has lost its power or its link, sleeps in D3, or is in a reset.",
            "Check power, slot and link, then power-cycle the device, or remove the function and rescan the bus.");
    }

    [Fact]
    public void Bar_OfAnotherDevice_IsNotMhi()
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function) { OnRead = static (_, _) => 0x1234_5678 });

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "registers",
            "MHIREGLEN 0x12345678, MHIVER 0x12345678, BHIOFF 0x12345678 in a BAR of 0x1000 bytes",
            "BHIOFF leads out of the BAR: this is no MHI device, not its MHI BAR, or a device that has not started.",
            "Check with `lspci -nn` that this function is the modem, and power-cycle the device.");
    }

    [Theory]
    [InlineData(3u, "RDDM, the memory dump after a crash", "The firmware has crashed, and the device offers its memory for a dump. No channel works.", "Power-cycle the device. If the firmware crashes again, update it, and report the crash to the vendor.")]
    [InlineData(6u, "EDL, emergency download", "The device waits for a flash programmer: somebody switched it to this mode, or its firmware does not start at all.", "Power-cycle the device. If it returns to EDL, restore its firmware with the vendor's flash tool.")]
    [InlineData(7u, "FP, the flash programmer", "The device is being flashed, or was left in the middle of it.", "Let the flash tool finish, then power-cycle the device.")]
    [InlineData(99u, "no environment of the protocol", "No MHI device says that: this is another kind of device, not the right BAR, or one in the middle of a reset.", "Check with `lspci -nn` that this function is the modem, and power-cycle the device.")]
    public void Environment_ThatNeverBecomesMission_EndsTheWalkAtOnce(uint environment, string name, string meaning, string advice)
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function) { OnRead = (offset, value) => offset == Environment ? environment : value });

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "environment",
            $"EXECENV {environment} ({name}); MHISTATUS 0x101 (state READY, READY set), MHICTRL 0x0 (nothing asked for), EXECENV {environment} ({name})",
            meaning,
            advice);
    }

    [Fact]
    public void BootLoader_ThatStartsNoFirmware_IsWaitedForAndThenExplained()
    {
        using var patient = new Patient(options: new EndpointOptions { StartEnvironment = ExecutionEnvironment.PrimaryBootLoader });

        patient.Examine();

        Assert.Equal(FindingState.Note, patient.Report.Findings[1].State);
        Finding failure = patient.Report.Failure!;
        Assert.Equal("environment", failure.Step);
        Assert.StartsWith("Mission firmware did not start: MHISTATUS 0x", failure.Seen, StringComparison.Ordinal);
        Assert.Contains("EXECENV 0 (PBL, the primary boot loader)", failure.Seen, StringComparison.Ordinal);
        Assert.Equal("The boot ROM runs: the device has not booted from its flash, or has none and waits for a firmware image from the host.", failure.Meaning);
        Assert.Equal(
            "Power-cycle the device and allow it half a minute. If it stays in PBL it needs firmware that this host does not send: restore it with the vendor's flash tool.",
            failure.Advice);
        Assert.Equal(ExitCode.DeviceFailed, patient.Report.ExitCode);
    }

    [Fact]
    public void Ready_ThatNeverComes_ShowsTheRegistersInWords()
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function) { OnRead = static (offset, value) => offset == MhiRegisters.Status ? 0 : value });

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "ready",
            "READY did not come: MHISTATUS 0x0 (state RESET, READY clear), MHICTRL 0x0 (nothing asked for), EXECENV 2 (AMSS, the mission firmware)",
            "The firmware runs but its MHI side does not start: it is still booting, or waits for a reset that the host cannot do over MHI.",
            "Reset the function or power-cycle the device, and allow more time if it starts slowly.");
    }

    [Fact]
    public void Reset_ThatNeverEnds_IsTold()
    {
        using var patient = new Patient();

        patient.Examine(
            new FaultyFunction(patient.Modem.Function) { OnRead = static (offset, value) => offset == MhiRegisters.Control ? MhiRegisters.ControlReset : value },
            patient.Hasty);

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "reset",
            "The MHI reset did not end: MHISTATUS 0x101 (state READY, READY set), MHICTRL 0x2 (reset not ended), EXECENV 2 (AMSS, the mission firmware)",
            "The firmware does not serve its MHI any more.",
            "Power-cycle the device.");
    }

    [Fact]
    public void M0_ThatTheDeviceIgnores_IsTold()
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function) { OnWrite = static (offset, _) => offset != MhiRegisters.Control }, patient.Hasty);

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "m0",
            "M0 was not confirmed: MHISTATUS 0x101 (state READY, READY set), MHICTRL 0x0 (nothing asked for), EXECENV 2 (AMSS, the mission firmware)",
            "The device does not react to what the host writes to MHICTRL.",
            "Reset the function or power-cycle the device.");
    }

    [Fact]
    public void Device_ThatLeavesTheBusWhileItStarts_IsGone()
    {
        using var patient = new Patient();
        bool gone = false;

        patient.Examine(
            new FaultyFunction(patient.Modem.Function)
            {
                OnRead = (_, value) => gone ? uint.MaxValue : value,
                OnWrite = (offset, _) => !(gone |= offset == MhiRegisters.Control),
            },
            patient.Hasty);

        patient.AssertFailed(
            ExitCode.DeviceFailed,
            "m0",
            "M0 was not confirmed: MHISTATUS 0xffffffff (all ones: nobody answers)",
            "The device does not answer on the bus: it has lost its power or its link, sleeps in D3, or is in a reset.",
            "Check power, slot and link, then power-cycle the device, or remove the function and rescan the bus.");
    }

    [Fact]
    public void Interrupts_ThatNeverCome_AreTold()
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function, isSilent: static _ => true), patient.Profile with { Timeout = TimeSpan.FromSeconds(3) }, TimeSpan.FromSeconds(30));

        // A device that is quicker than the host falls asleep gets past power-up, and is found out by its data.
        Finding failure = patient.Report.Failure!;
        Assert.Equal("interrupts", failure.Step);
        Assert.Contains(
            failure.Meaning!,
            (string[])[
                "The device works and reaches memory, but its interrupts do not reach this process.",
                "Data comes, but only because the host looks for it every two seconds: the interrupts of the device do not reach this process.",
            ]);
        Assert.Equal(
            "Check that interrupt remapping is on in the firmware and that the kernel was not booted with pci=nomsi; then power-cycle the device.",
            failure.Advice);
        Assert.Equal(ExitCode.NoData, patient.Report.ExitCode);
    }

    [Fact]
    public void Interrupts_OfOneVector_ThatNeverCome_AreFoundByData()
    {
        DeviceProfile usual = KnownProfiles.FoxconnT99W175;
        ImmutableArray<ChannelProfile> channels = [.. usual.Channels.Select(channel => channel.Name == "LOOPBACK" ? channel with { EventRing = 1 } : channel)];
        using var patient = new Patient(usual with { Channels = channels });

        patient.Examine(new FaultyFunction(patient.Modem.Function, isSilent: static vector => vector == 2), answer: TimeSpan.FromSeconds(30));

        Finding failure = patient.Report.Failure!;
        Assert.Equal("interrupts", failure.Step);
        Assert.Contains("0 by vector 2", failure.Seen, StringComparison.Ordinal);
        Assert.EndsWith("none by the vector that the test needs", failure.Seen, StringComparison.Ordinal);
        Assert.Equal(
            "Data comes, but only because the host looks for it every two seconds: the interrupts of the device do not reach this process.", failure.Meaning);
        Assert.Equal(ExitCode.NoData, patient.Report.ExitCode);
    }

    [Fact]
    public void Memory_ThatCannotBeLocked_IsASetUpFailure()
    {
        using var patient = new Patient();

        patient.Examine(new FaultyFunction(patient.Modem.Function)
        {
            OnAllocate = static () => throw new MhiException(
                MhiErrorCode.LockedMemoryLimit, "Not enough locked memory for 2048 KiB of DMA buffers: the limit is 64 KiB. Raise it (ulimit -l unlimited)."),
        });

        patient.AssertFailed(
            ExitCode.NotSetUp,
            "memlock",
            "Not enough locked memory for 2048 KiB of DMA buffers: the limit is 64 KiB.",
            "DMA memory is locked, and this process may not lock that much.",
            "Raise it (ulimit -l unlimited).");
    }

    [Fact]
    public void Device_InSystemError_IsNotedAndReset()
    {
        using var patient = new Patient();
        bool isReset = false;

        patient.Examine(new FaultyFunction(patient.Modem.Function)
        {
            OnRead = (offset, value) => offset == MhiRegisters.Status && !isReset ? 0xff04 : value,
            OnWrite = (offset, value) =>
            {
                isReset |= offset == MhiRegisters.Control && (value & MhiRegisters.ControlReset) != 0;
                return true;
            },
        });

        Assert.Equal("The firmware has failed before; starting the device resets its MHI.", patient.Find("state").Meaning);
        Assert.Null(patient.Report.Failure);
        Assert.True(isReset);
    }

    [Fact]
    public void Echo_ThatIsDamaged_IsTold()
    {
        using var patient = new Patient(functions: new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = new DamagingEcho() });

        patient.Examine();

        patient.AssertFailed(
            ExitCode.NoData,
            "loopback",
            "Packet 1 came back changed, at byte 7 of 1024.",
            "The device, or something between it and memory, damages data.",
            "Run `mhi loopback` for longer; if it happens again, suspect memory, IOMMU or firmware.");
    }

    [Fact]
    public void Echo_ThatDoesNotCome_IsTold()
    {
        using var patient = new Patient(functions: new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = new SinkFunction() });

        patient.Examine();

        patient.AssertFailed(
            ExitCode.NoData,
            "loopback",
            "No echo came within 0.3 s.",
            "The device took the channel LOOPBACK, but sends nothing back on it.",
            "Look for IOMMU faults in the kernel log, run the walk again, then power-cycle the device.");
    }

    [Fact]
    public void Family_WithoutAnEcho_IsAskedAnAtCommand()
    {
        using var patient = new Patient(KnownProfiles.QuectelRm5Xx);

        patient.Examine();

        Assert.Null(patient.Report.Failure);
        Assert.Equal("AT was answered with 'AT OK'", patient.Find("at").Seen);
    }

    [Fact]
    public void AtPort_ThatIsSilent_IsTold()
    {
        using var patient = new Patient(KnownProfiles.QuectelRm5Xx, functions: new Dictionary<string, ChannelFunction> { ["DUN"] = new SinkFunction() });

        patient.Examine();

        patient.AssertFailed(
            ExitCode.NoData,
            "at",
            "AT was not answered within 0.3 s.",
            "The device took the channel DUN, but no command interpreter answers behind it.",
            "Wait until the modem has finished booting and run the walk again; then power-cycle the device.");
    }

    [Fact]
    public void Echo_ThatTheFirmwareDoesNotOffer_IsReplacedByAnAtCommand()
    {
        DeviceProfile usual = KnownProfiles.FoxconnT99W175;
        using var patient = new Patient(usual with { Channels = [.. usual.Channels.Where(channel => channel.Name != "LOOPBACK")] });

        patient.Examine(profile: usual);

        Assert.Null(patient.Report.Failure);
        Assert.Equal(
            "The firmware does not offer the echo that its family has; the AT port is tried instead.", patient.Find("channel").Meaning);
        Assert.Equal("AT was answered with 'AT OK'", patient.Find("at").Seen);
    }

    [Fact]
    public void Family_WithoutAnyTestableChannel_IsTold()
    {
        using var patient = new Patient(KnownProfiles.QcomSdx75M);

        patient.Examine();

        Assert.Null(patient.Report.Failure);
        Assert.Equal("qcom-sdx75m has neither LOOPBACK nor DUN.", patient.Find("channel").Seen);
        Assert.Equal("There is no channel to test: nothing else would answer without a protocol of its own.", patient.Find("channel").Meaning);
    }

    private sealed class DamagingEcho : ChannelFunction
    {
        public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
        {
            byte[] copy = packet.ToArray();
            copy[7] ^= 1;
            return downlink.TrySend(copy);
        }
    }
}
