using System;
using System.Collections.Immutable;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Interop.Vfio;

namespace Mhi.Pci.Vfio;

/// <summary>What each refusal of the kernel means, and what to do about it.</summary>
internal static class VfioErrors
{
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int TryAgain = 11;
    private const int NoMemory = 12;
    private const int AccessDenied = 13;
    private const int Busy = 16;
    private const int NoDevice = 19;
    private const int Invalid = 22;
    private const int NoSpace = 28;

    /// <summary>The kernel refused a step of opening or resetting a function.</summary>
    internal static MhiException Of(VfioStep step, PciDevice device, string node, SystemCallException cause) => (step, cause.NativeErrorCode) switch
    {
        (VfioStep.OpenContainer, NoEntry or NoDevice) => PciObstacle.DriverNotLoaded(PciDevice.VfioDriver).ToException(),
        (VfioStep.OpenIommufd, NoEntry or NoDevice) => Make(
            MhiErrorCode.TransportUnavailable, $"This kernel has no {node}. Load the module iommufd, or use the interface of groups.", cause),
        (VfioStep.OpenGroup or VfioStep.OpenNode, NoEntry or NoDevice) => Make(
            MhiErrorCode.NotBound, $"There is no {node}: {device.Address} was unbound meanwhile. Bind it, as root: mhi bind {device.Address}", cause),
        (VfioStep.OpenContainer or VfioStep.OpenGroup or VfioStep.OpenNode or VfioStep.OpenIommufd, AccessDenied or NotPermitted) => Make(
            MhiErrorCode.PermissionDenied, $"No permission for {node}. Run as root, or give your user access to it: chown, or the udev rule in packaging/.", cause),
        (VfioStep.OpenGroup or VfioStep.OpenNode or VfioStep.Bind or VfioStep.OpenDevice or VfioStep.AddGroup, Busy) => Make(
            MhiErrorCode.DeviceInUse, $"{device.Address} is in use by another program ({node} is open). Stop that program first.", cause),
        (VfioStep.AddGroup or VfioStep.Bind, NotPermitted) => PciObstacle.GroupNotViable(device).ToException(),
        (VfioStep.CreateAddressSpace, NotPermitted) => Make(
            MhiErrorCode.NoInterruptRemapping,
            $"This machine has no interrupt remapping, so {device.Address} could raise interrupts that are not its own. Enable it in the firmware, or accept the risk with the module parameter vfio_iommu_type1.allow_unsafe_interrupts=1.",
            cause),
        (VfioStep.CreateAddressSpace, Invalid or NoDevice or NoEntry) => Make(
            MhiErrorCode.TransportUnavailable, $"The kernel offers {device.Address} no DMA address space (type 1 version 2). Load it with: modprobe vfio_iommu_type1", cause),
        (VfioStep.OpenDevice, NoDevice) => Make(
            MhiErrorCode.DeviceNotFound, $"{device.Address} is not in IOMMU group {device.IommuGroup} any more: it was unplugged or unbound. `mhi list` shows what there is.", cause),
        (VfioStep.Reset, Invalid) => NoReset(device.Address, cause),
        (VfioStep.Reset, TryAgain or Busy) => Make(
            MhiErrorCode.Busy, $"{device.Address} is being reset by somebody else. Try again.", cause),
        _ => Make(MhiErrorCode.TransportUnavailable, $"{device.Address} cannot be used through VFIO. {cause.Message}", cause),
    };

    /// <summary>The function cannot be reset on its own.</summary>
    internal static MhiException NoReset(PciAddress address, Exception? cause = null) => Make(
        MhiErrorCode.NotSupported,
        $"The kernel has no way to reset {address} on its own (no function-level reset, and no bus of its own). A power-up of the controller still resets the MHI side of the device; if that is not enough, power-cycle it.",
        cause);

    /// <summary>Memory cannot be made reachable for the device.</summary>
    internal static MhiException OfMapping(
        string name, long bytes, long bytesMapped, ulong busAddress, ImmutableArray<IovaRange> allowed, LockedMemory limit, SystemCallException cause) => cause.NativeErrorCode switch
        {
            NoMemory when limit.Soft != LockedMemory.Unlimited => Make(
                MhiErrorCode.LockedMemoryLimit,
                $"Not enough locked memory for {bytes >> 10} KiB of DMA buffers of {name}: the limit is {limit.Soft >> 10} KiB, and {bytesMapped >> 10} KiB are mapped. Raise it (ulimit -l unlimited; LimitMEMLOCK=infinity in a systemd unit; memlock in /etc/security/limits.conf), or run with CAP_IPC_LOCK.",
                cause),
            NoMemory => Make(MhiErrorCode.OutOfMemory, $"{name}: the kernel has no memory to pin {bytes >> 10} KiB of DMA buffers.", cause),
            Invalid => Make(
                MhiErrorCode.OutOfMemory, $"{name}: DMA address 0x{busAddress:x} is outside what the IOMMU allows ({Describe(allowed)}).", cause),
            NoSpace => Make(MhiErrorCode.OutOfMemory, $"{name}: there are too many DMA mappings. Close channels, or raise vfio_iommu_type1.dma_entry_limit.", cause),
            _ => Make(MhiErrorCode.OutOfMemory, $"{name}: {bytes} bytes of DMA memory cannot be mapped. {cause.Message}", cause),
        };

    /// <summary>No bus address is left.</summary>
    internal static MhiException NoAddress(string name, long bytes, int addressBits, ImmutableArray<IovaRange> windows) => new(
        MhiErrorCode.OutOfMemory,
        $"{name}: no {bytes} bytes are free among the {addressBits}-bit bus addresses the device can reach through the IOMMU ({Describe(windows)}); free other DMA memory first.");

    /// <summary>The function got no interrupt.</summary>
    internal static MhiException NoInterrupts(string name, uint msi, uint msiX, int error) => new(
        MhiErrorCode.NoInterrupts,
        msi == 0 && msiX == 0
            ? $"{name} offers no MSI and no MSI-X vector. It is not the function of the modem, or the kernel has switched message signalled interrupts off (pci=nomsi)."
            : $"{name} got no interrupt vector: it offers {msi} MSI and {msiX} MSI-X, and the kernel gave none{(error < 0 ? $" (errno {-error})" : "")}. The platform is out of vectors; unload drivers that hold many.");

    /// <summary>The BAR cannot be used.</summary>
    internal static MhiException NoRegisters(string name, ulong size) => new(
        MhiErrorCode.NotAnMhiDevice,
        size == 0
            ? $"{name} has no BAR 0, where an MHI device has its registers. It is another function, or the firmware has given it no address: try pci=realloc."
            : $"The registers of {name} cannot be mapped: the kernel lets no program map the beginning of BAR 0 ({size} bytes), because another device shares its page.");

    private static string Describe(ImmutableArray<IovaRange> ranges) =>
        ranges.IsDefaultOrEmpty ? "none" : string.Join(", ", Array.ConvertAll<IovaRange, string>([.. ranges], static range => $"0x{range.Start:x}-0x{range.Last:x}"));

    private static MhiException Make(MhiErrorCode code, string message, Exception? cause) => new(code, message, innerException: cause);
}
