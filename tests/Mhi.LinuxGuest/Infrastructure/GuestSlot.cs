namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Where the function sits in the emulated PC.</summary>
public enum GuestSlot
{
    /// <summary>On the root bus, as a part of the chipset would.</summary>
    RootBus,

    /// <summary>Behind a PCIe root port of its own: it can be plugged in and out.</summary>
    RootPort,

    /// <summary>Behind a bridge to conventional PCI, next to a serial port: the IOMMU cannot tell the two apart.</summary>
    SharedBridge,
}
