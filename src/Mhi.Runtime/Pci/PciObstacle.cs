using System.Collections.Generic;
using Mhi.Controller;

namespace Mhi.Pci;

/// <summary>Why a PCI function cannot be given to this program as it is.</summary>
/// <param name="Code">What it is, for programs.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Meaning">What that means.</param>
/// <param name="Advice">What to do.</param>
public sealed record PciObstacle(MhiErrorCode Code, string Seen, string Meaning, string Advice)
{
    /// <summary>There is no such function.</summary>
    /// <param name="bus">Where it was looked for.</param>
    /// <param name="address">The address.</param>
    /// <returns>The obstacle.</returns>
    public static PciObstacle NoSuchFunction(PciBus bus, PciAddress address) => bus.Exists
        ? new(
            MhiErrorCode.DeviceNotFound,
            $"There is no PCI function {address}.",
            "The address is wrong, or the device has no power, has fallen off the bus or was never found by the kernel.",
            "Look for it with `mhi list` or `lspci -nn`; if it should be there, check slot and power, and try `echo 1 > /sys/bus/pci/rescan`.")
        : new(
            MhiErrorCode.DeviceNotFound,
            $"There is no PCI bus in {bus.Root}.",
            "This machine, or this container, has no PCI devices.",
            "Run this on the machine that the device is in, with sysfs mounted.");

    /// <summary>No IOMMU stands between the function and memory.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="device">The function.</param>
    /// <returns>The obstacle.</returns>
    public static PciObstacle NoIommu(PciBus bus, PciDevice device) => new(
        MhiErrorCode.NoIommu,
        bus.HasIommu ? $"{device.Address} has no IOMMU group, though other devices have one." : $"{device.Address} has no IOMMU group: no IOMMU is switched on.",
        "Nothing would keep the device from reading and writing all memory, and vfio-pci refuses such a device.",
        "Enable VT-d, AMD-Vi or the SMMU in the firmware set-up; if it is enabled, boot with intel_iommu=on.");

    /// <summary>The driver that is wanted is not loaded.</summary>
    /// <param name="driver">Its name.</param>
    /// <returns>The obstacle.</returns>
    public static PciObstacle DriverNotLoaded(string driver) => new(
        MhiErrorCode.TransportUnavailable,
        $"The driver {driver} is not loaded.",
        "The kernel cannot bind a device to it.",
        $"Load it: modprobe {driver}");

    /// <summary>The function is not bound to vfio-pci.</summary>
    /// <param name="device">The function.</param>
    /// <returns>The obstacle.</returns>
    public static PciObstacle NotBound(PciDevice device) => new(
        MhiErrorCode.NotBound,
        device.Driver is null ? $"{device.Address} is bound to no driver." : $"{device.Address} is bound to {device.Driver}.",
        device.Driver is null
            ? $"Only {PciDevice.VfioDriver} hands a device to a program."
            : $"The kernel's driver uses it; only {PciDevice.VfioDriver} hands a device to a program.",
        $"Bind it, as root: mhi bind {device.Address}");

    /// <summary>Other functions of the group are in the kernel's use.</summary>
    /// <param name="device">The function.</param>
    /// <returns>The obstacle.</returns>
    public static PciObstacle GroupNotViable(PciDevice device)
    {
        List<string> others = [];
        List<string> names = [];
        foreach (PciGroupMember member in device.Blockers)
        {
            others.Add($"{member.Name} (bound to {member.Driver})");
            names.Add(member.Name);
        }

        return new PciObstacle(
            MhiErrorCode.GroupNotViable,
            $"{device.Address} shares IOMMU group {device.IommuGroup} with {string.Join(", ", others)}.",
            "The IOMMU cannot tell the functions of a group apart, so the kernel gives a group to programs as a whole or not at all.",
            $"If nothing needs them, bind all of them: mhi bind {device.Address} {string.Join(' ', names)}. Otherwise put the device into another slot.");
    }

    /// <summary>Makes the exception that reports the obstacle.</summary>
    /// <returns>A new exception.</returns>
    public MhiException ToException() => new(Code, $"{Seen} {Meaning} {Advice}");
}
