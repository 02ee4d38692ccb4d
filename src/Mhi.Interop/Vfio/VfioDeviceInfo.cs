namespace Mhi.Interop.Vfio;

/// <summary>What the kernel says of a device.</summary>
/// <param name="CanReset">Whether it can reset the device.</param>
/// <param name="IsPci">Whether it is a PCI function.</param>
/// <param name="Regions">Number of regions.</param>
/// <param name="Interrupts">Number of kinds of interrupt.</param>
public readonly record struct VfioDeviceInfo(bool CanReset, bool IsPci, uint Regions, uint Interrupts);
