using Mhi.Controller;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Doctor;
using Xunit;

namespace Mhi.Gateway.Tests.Doctor;

public sealed class OpeningTests
{
    [Theory]
    [InlineData(MhiErrorCode.PermissionDenied, "permission", "The device may be opened, but not by this user.")]
    [InlineData(MhiErrorCode.DeviceInUse, "permission", "One program at a time may hold a device.")]
    [InlineData(MhiErrorCode.NoInterruptRemapping, "remapping", "The kernel refuses the device, for it could raise interrupts that are not its own.")]
    [InlineData(MhiErrorCode.LockedMemoryLimit, "memlock", "DMA memory is locked, and this process may not lock that much.")]
    [InlineData(MhiErrorCode.NoInterrupts, "vectors", "Without an interrupt vector the host never learns of an event.")]
    [InlineData(MhiErrorCode.TransportUnavailable, "vfio", "What the kernel needs to hand a device to a program is not there.")]
    [InlineData(MhiErrorCode.GroupNotViable, "group", "The kernel gives an IOMMU group to programs as a whole or not at all.")]
    [InlineData(MhiErrorCode.NoIommu, "iommu", "Nothing would keep the device from reading and writing all memory.")]
    [InlineData(MhiErrorCode.NotBound, "driver", "Only vfio-pci hands a device to a program.")]
    [InlineData(MhiErrorCode.DeviceNotFound, "function", "The device is not there, or has gone meanwhile.")]
    [InlineData(MhiErrorCode.NotAnMhiDevice, "function", "The function has not what an MHI device has.")]
    [InlineData(MhiErrorCode.OutOfMemory, "memory", "The DMA buffers cannot be had.")]
    [InlineData(MhiErrorCode.Busy, "open", "The device could not be opened.")]
    public void Failure_OfOpening_IsAFindingOfItsStep(MhiErrorCode code, string step, string meaning)
    {
        var report = new DoctorReport();

        DoctorRun.Examine(() => throw new MhiException(code, "0000:01:00.0 is not to be had. Do this. Then that."), "vfio:0000:01:00.0", report);

        Assert.Equal(Finding.NotSetUp(step, "0000:01:00.0 is not to be had.", meaning, "Do this. Then that."), report.Failure);
        Assert.Equal(ExitCode.NotSetUp, report.ExitCode);
    }

    [Fact]
    public void Text_OfAFinding_IsAligned() => Assert.Equal(
        """
        FAIL  group        Seen.
                           means: Meaning.
                           do:    Advice.

        """.ReplaceLineEndings("\n"),
        DoctorText.Write(Finding.NotSetUp("group", "Seen.", "Meaning.", "Advice.")));
}
