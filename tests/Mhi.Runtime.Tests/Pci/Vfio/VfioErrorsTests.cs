using System;
using System.Collections.Immutable;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Interop.Vfio;
using Mhi.Pci;
using Mhi.Pci.Vfio;
using Xunit;

namespace Mhi.Runtime.Tests.Pci.Vfio;

/// <summary>What the kernel refuses on machines that are not set up becomes a code and a sentence that says what to do.</summary>
public class VfioErrorsTests
{
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int TryAgain = 11;
    private const int NoMemory = 12;
    private const int AccessDenied = 13;
    private const int Fault = 14;
    private const int Busy = 16;
    private const int Exists = 17;
    private const int NoDevice = 19;
    private const int Invalid = 22;
    private const int NoSpace = 28;
    private const string Node = "/dev/vfio/7";

    private static readonly PciDevice s_device = new()
    {
        Address = new PciAddress(0, 1, 0, 0),
        Path = "/sys/bus/pci/devices/0000:01:00.0",
        Identity = new PciIdentity(0x105b, 0xe0ab, 0, 0),
        Driver = "mhi-pci-generic",
        IommuGroup = 7,
        GroupMembers = [new PciGroupMember("0000:01:00.0", "vfio-pci", false), new PciGroupMember("0000:01:00.1", "serial", false)],
    };

    [Theory]
    [InlineData(nameof(VfioStep.OpenContainer), NoEntry, MhiErrorCode.TransportUnavailable, "The driver vfio-pci is not loaded.")]
    [InlineData(nameof(VfioStep.OpenContainer), NoDevice, MhiErrorCode.TransportUnavailable, "modprobe vfio-pci")]
    [InlineData(nameof(VfioStep.OpenContainer), AccessDenied, MhiErrorCode.PermissionDenied, "No permission for /dev/vfio/7.")]
    [InlineData(nameof(VfioStep.OpenIommufd), NoEntry, MhiErrorCode.TransportUnavailable, "Load the module iommufd")]
    [InlineData(nameof(VfioStep.OpenGroup), NoEntry, MhiErrorCode.NotBound, "There is no /dev/vfio/7: 0000:01:00.0 was unbound meanwhile.")]
    [InlineData(nameof(VfioStep.OpenNode), NoEntry, MhiErrorCode.NotBound, "Bind it, as root: mhi bind 0000:01:00.0")]
    [InlineData(nameof(VfioStep.OpenGroup), AccessDenied, MhiErrorCode.PermissionDenied, "Run as root, or give your user access to it")]
    [InlineData(nameof(VfioStep.OpenGroup), NotPermitted, MhiErrorCode.PermissionDenied, "No permission for /dev/vfio/7")]
    [InlineData(nameof(VfioStep.OpenGroup), Busy, MhiErrorCode.DeviceInUse, "0000:01:00.0 is in use by another program")]
    [InlineData(nameof(VfioStep.Bind), Busy, MhiErrorCode.DeviceInUse, "Stop that program first")]
    [InlineData(nameof(VfioStep.AddGroup), NotPermitted, MhiErrorCode.GroupNotViable, "shares IOMMU group 7 with 0000:01:00.1 (bound to serial)")]
    [InlineData(nameof(VfioStep.CreateAddressSpace), NotPermitted, MhiErrorCode.NoInterruptRemapping, "vfio_iommu_type1.allow_unsafe_interrupts=1")]
    [InlineData(nameof(VfioStep.CreateAddressSpace), Invalid, MhiErrorCode.TransportUnavailable, "modprobe vfio_iommu_type1")]
    [InlineData(nameof(VfioStep.OpenDevice), NoDevice, MhiErrorCode.DeviceNotFound, "0000:01:00.0 is not in IOMMU group 7 any more")]
    [InlineData(nameof(VfioStep.Reset), Invalid, MhiErrorCode.NotSupported, "The kernel has no way to reset 0000:01:00.0 on its own")]
    [InlineData(nameof(VfioStep.Reset), TryAgain, MhiErrorCode.Busy, "Try again")]
    [InlineData(nameof(VfioStep.Query), Fault, MhiErrorCode.TransportUnavailable, "errno 14")]
    public void Of_SaysWhatTheRefusalMeans(string step, int error, MhiErrorCode code, string text)
    {
        MhiException exception = VfioErrors.Of(Enum.Parse<VfioStep>(step), s_device, Node, new SystemCallException("call", "do it", error));

        Assert.Equal(code, exception.Code);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoMemory, MhiErrorCode.LockedMemoryLimit, "Not enough locked memory for 4096 KiB of DMA buffers of modem: the limit is 8192 KiB, and 6144 KiB are mapped. Raise it (ulimit -l")]
    [InlineData(Invalid, MhiErrorCode.OutOfMemory, "DMA address 0x100000 is outside what the IOMMU allows (0x0-0xfedfffff).")]
    [InlineData(NoSpace, MhiErrorCode.OutOfMemory, "dma_entry_limit")]
    [InlineData(Exists, MhiErrorCode.OutOfMemory, "errno 17")]
    public void OfMapping_SaysWhatTheRefusalMeans(int error, MhiErrorCode code, string text)
    {
        MhiException exception = Map(error, new LockedMemory(8 << 20, 8 << 20));

        Assert.Equal(code, exception.Code);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfMapping_WithoutALimit_IsNoMatterOfTheLimit() =>
        Assert.Equal(MhiErrorCode.OutOfMemory, Map(NoMemory, new LockedMemory(LockedMemory.Unlimited, LockedMemory.Unlimited)).Code);

    [Fact]
    public void NoInterrupts_TellsADeviceWithoutAnyFromAPlatformWithoutAny()
    {
        Assert.Contains("offers no MSI and no MSI-X vector", VfioErrors.NoInterrupts("modem", 0, 0, 0).Message, StringComparison.Ordinal);
        Assert.Contains("offers 8 MSI and 0 MSI-X, and the kernel gave none (errno 28)", VfioErrors.NoInterrupts("modem", 8, 0, -NoSpace).Message, StringComparison.Ordinal);
    }

    private static MhiException Map(int error, LockedMemory limit) => VfioErrors.OfMapping(
        "modem", 4 << 20, 6 << 20, 0x10_0000, ImmutableArray.Create(new IovaRange(0, 0xfedf_ffff)), limit, new SystemCallException("call", "do it", error));
}
