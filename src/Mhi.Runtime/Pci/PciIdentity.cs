using System.Globalization;

namespace Mhi.Pci;

/// <summary>PCI vendor and device numbers of a function.</summary>
/// <param name="Vendor">Vendor number.</param>
/// <param name="Device">Device number.</param>
/// <param name="SubsystemVendor">Subsystem vendor number.</param>
/// <param name="SubsystemDevice">Subsystem device number.</param>
public readonly record struct PciIdentity(ushort Vendor, ushort Device, ushort SubsystemVendor, ushort SubsystemDevice)
{
    /// <summary>The usual form, <c>105b:e0ab</c>.</summary>
    /// <returns>Vendor and device in hexadecimal.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Vendor:x4}:{Device:x4}");
}
