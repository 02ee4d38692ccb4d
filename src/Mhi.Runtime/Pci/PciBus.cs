using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace Mhi.Pci;

/// <summary>The PCI functions of this machine, as sysfs shows them. Nothing is kept: every call looks again.</summary>
public sealed class PciBus
{
    /// <summary>Where sysfs is mounted.</summary>
    public const string UsualRoot = "/sys";

    /// <summary>Takes a tree.</summary>
    /// <param name="root">Where sysfs is mounted, or a tree that looks like it.</param>
    public PciBus(string root = UsualRoot)
    {
        Root = root;
    }

    /// <summary>Where sysfs is mounted.</summary>
    public string Root { get; }

    /// <summary>Whether there is a PCI bus at all.</summary>
    public bool Exists => Directory.Exists(Path.Combine(Root, "bus/pci/devices"));

    /// <summary>Whether an IOMMU is switched on: some device has a group.</summary>
    public bool HasIommu => SysfsFile.Names(Path.Combine(Root, "kernel/iommu_groups")).Count != 0;

    /// <summary>All functions, in ascending order.</summary>
    /// <returns>Their addresses.</returns>
    public ImmutableArray<PciAddress> Addresses()
    {
        List<PciAddress> addresses = [];
        foreach (string name in SysfsFile.Names(Path.Combine(Root, "bus/pci/devices")))
        {
            if (PciAddress.TryParse(name, out PciAddress address))
            {
                addresses.Add(address);
            }
        }

        addresses.Sort(static (left, right) => left.Rank.CompareTo(right.Rank));
        return [.. addresses];
    }

    /// <summary>Reads what sysfs says of a function.</summary>
    /// <param name="address">Where it sits.</param>
    /// <param name="device">What sysfs says.</param>
    /// <returns>False when there is no such function.</returns>
    public bool TryRead(PciAddress address, [NotNullWhen(true)] out PciDevice? device)
    {
        string path = PathOf(address);
        device = Directory.Exists(path) ? PciDeviceReader.Read(address, path) : null;
        return device is not null;
    }

    /// <summary>Whether a driver of PCI functions is loaded.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether it is.</returns>
    public bool HasDriver(string name) => Directory.Exists(Path.Combine(Root, "bus/pci/drivers", name));

    /// <summary>The directory of a function in sysfs.</summary>
    /// <param name="address">The function.</param>
    /// <returns>The path, whether or not there is such a function.</returns>
    internal string PathOf(PciAddress address) => Path.Combine(Root, "bus/pci/devices", address.ToString());
}
