namespace Mhi.Pci;

/// <summary>The PCI functions a driver table entry stands for.</summary>
/// <param name="Vendor">Vendor number.</param>
/// <param name="Device">Device number.</param>
/// <param name="SubsystemVendor">Subsystem vendor number; null for any.</param>
/// <param name="SubsystemDevice">Subsystem device number; null for any.</param>
public readonly record struct PciIdPattern(ushort Vendor, ushort Device, ushort? SubsystemVendor, ushort? SubsystemDevice)
{
    /// <summary>Compares a function with the entry.</summary>
    /// <param name="identity">The function.</param>
    /// <returns>Whether the entry stands for it.</returns>
    public bool Matches(PciIdentity identity) =>
        Vendor == identity.Vendor
        && Device == identity.Device
        && (SubsystemVendor ?? identity.SubsystemVendor) == identity.SubsystemVendor
        && (SubsystemDevice ?? identity.SubsystemDevice) == identity.SubsystemDevice;
}
