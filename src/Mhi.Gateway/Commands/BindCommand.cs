using System.CommandLine;
using Mhi.Gateway.Bus;
using Mhi.Pci;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi bind</c>.</summary>
internal static class BindCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var functions = new Argument<PciAddress[]>("BDF")
        {
            Description = "PCI address of a function, such as 0000:01:00.0. Several functions are bound all or none.",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = BusValues.Addresses,
        };
        var driver = new Option<string?>("--driver")
        {
            Description = $"The driver it is to have. Default: {PciDevice.VfioDriver}, which hands it to programs.",
            HelpName = "NAME",
            DefaultValueFactory = _ => PciDevice.VfioDriver,
            CustomParser = BusValues.Driver,
        };
        Option<bool> dryRun = BusValues.DryRun();
        var command = new Command("bind", "Takes a device from the kernel's driver and gives it to programs. Needs root. `mhi unbind` gives it back.") { functions, driver, dryRun };
        command.SetAction(parsed => (int)BindRun.Bind(
            new PciBinder(new PciBus()), [.. parsed.GetRequiredValue(functions)], parsed.GetRequiredValue(driver)!, parsed.GetValue(dryRun)));
        return command;
    }
}
