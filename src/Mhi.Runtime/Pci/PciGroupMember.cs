using System;

namespace Mhi.Pci;

/// <summary>A function that shares an IOMMU group: the group can be given to a program as a whole only.</summary>
/// <param name="Name">Its PCI address; another name for what is no PCI function.</param>
/// <param name="Driver">The driver it is bound to, or null.</param>
/// <param name="IsBridge">Whether it is a PCI bridge, which does not count.</param>
public sealed record PciGroupMember(string Name, string? Driver, bool IsBridge)
{
    /// <summary>
    /// Whether its driver keeps the group from being given to a program: any that does DMA of its own, which drivers of
    /// bridges, <c>pci-stub</c> and those of VFIO do not.
    /// </summary>
    public bool KeepsGroupFromPrograms =>
        !IsBridge && Driver is not null and not "pci-stub" and not "pcieport" && !Driver.Contains("vfio", StringComparison.Ordinal);
}
