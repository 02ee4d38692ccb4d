namespace Mhi.Generators.Models;

/// <summary>A PCI ID with its place in match order. Null stands for any subsystem.</summary>
internal sealed record PciIdModel(int Order, int Vendor, int Device, int? SubsystemVendor, int? SubsystemDevice, string Label)
{
    /// <summary>Whether every function the other one matches is matched by this one.</summary>
    public bool Covers(PciIdModel other) =>
        Vendor == other.Vendor
        && Device == other.Device
        && (SubsystemVendor is null || SubsystemVendor == other.SubsystemVendor)
        && (SubsystemDevice is null || SubsystemDevice == other.SubsystemDevice);
}
