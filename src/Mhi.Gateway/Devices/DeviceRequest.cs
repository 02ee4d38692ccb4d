namespace Mhi.Gateway.Devices;

/// <summary>Which device the user wants.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Profile">Name of the profile it is to be taken for; null goes by its PCI identity.</param>
internal sealed record DeviceRequest(DeviceAddress Address, string? Profile = null)
{
    /// <summary>What is taken when nothing is said.</summary>
    internal static DeviceRequest Emulated { get; } = new(DeviceAddress.EmulatedDevice);
}
