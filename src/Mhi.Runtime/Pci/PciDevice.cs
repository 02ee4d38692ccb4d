using System.Collections.Immutable;

namespace Mhi.Pci;

/// <summary>What sysfs says of a PCI function, read once. Null, or empty, stands for what it does not say.</summary>
public sealed class PciDevice
{
    /// <summary>The driver that gives a function to a program.</summary>
    public const string VfioDriver = "vfio-pci";

    /// <summary>Where the function sits.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Directory of the function in sysfs.</summary>
    public required string Path { get; init; }

    /// <summary>Vendor and device numbers.</summary>
    public required PciIdentity Identity { get; init; }

    /// <summary>Class, subclass and programming interface.</summary>
    public uint Class { get; init; }

    /// <summary>The driver it is bound to.</summary>
    public string? Driver { get; init; }

    /// <summary>The only driver it may be bound to.</summary>
    public string? DriverOverride { get; init; }

    /// <summary>Number of its IOMMU group; null when no IOMMU stands between the function and memory.</summary>
    public int? IommuGroup { get; init; }

    /// <summary>All members of the group, this function too.</summary>
    public ImmutableArray<PciGroupMember> GroupMembers { get; init; } = [];

    /// <summary>Ways in which the kernel can reset it, in the order in which they are tried.</summary>
    public ImmutableArray<string> ResetMethods { get; init; } = [];

    /// <summary>Its link; null where there is none.</summary>
    public PciLink? Link { get; init; }

    /// <summary>The base address registers in use.</summary>
    public ImmutableArray<PciBar> Bars { get; init; } = [];

    /// <summary>Whether a driver has enabled it.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>Its power state: D0, D3hot, D3cold and so on.</summary>
    public string? PowerState { get; init; }

    /// <summary>Whether it may start DMA, as its command register says.</summary>
    public bool? IsBusMaster { get; init; }

    /// <summary>MSI vectors it asks for; 0 without the capability, null when only root may know.</summary>
    public int? MsiVectors { get; init; }

    /// <summary>MSI-X vectors it has; 0 without the capability, null when only root may know.</summary>
    public int? MsiXVectors { get; init; }

    /// <summary>Its name among <c>/dev/vfio/devices</c>, where the kernel has that interface.</summary>
    public string? VfioDeviceName { get; init; }

    /// <summary>Whether it is bound to a driver of VFIO.</summary>
    public bool IsBoundToVfio => Driver == VfioDriver;

    /// <summary>The other members of its IOMMU group that keep it from being given to a program.</summary>
    public ImmutableArray<PciGroupMember> Blockers =>
        GroupMembers.RemoveAll(member => !member.KeepsGroupFromPrograms || member.Name == Address.ToString());
}
