using System.CommandLine;
using Mhi.Gateway.Devices;

namespace Mhi.Gateway.Commands;

/// <summary>The options that say which device a command talks to.</summary>
internal sealed class DeviceOptions
{
    /// <summary>Where the device is.</summary>
    internal Option<DeviceAddress> Device { get; } = new("--device")
    {
        Description =
            "Device to talk to: emulated, a modem inside this process; vfio-user:PATH, a device in another process that listens at this socket, such as `mhi endpoint`; or vfio:DDDD:BB:DD.F, a PCI function that is bound to vfio-pci (`mhi list`, `mhi bind`).",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => DeviceAddress.EmulatedDevice,
        CustomParser = OptionValues.Device,
    };

    /// <summary>What the device is to be taken for.</summary>
    internal Option<string?> Profile { get; } = new("--profile")
    {
        Description = "Profile the device is taken for, instead of the one that its PCI identity stands for; `mhi endpoint --profile list` prints them.",
        HelpName = "ID",
        CustomParser = OptionValues.Profile,
    };

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Which device is wanted.</returns>
    internal DeviceRequest Request(ParseResult parsed) => new(parsed.GetRequiredValue(Device), parsed.GetValue(Profile));
}
