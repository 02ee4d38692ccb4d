using System.CommandLine;
using Mhi.Gateway.Bus;
using Mhi.Pci;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi unbind</c>.</summary>
internal static class UnbindCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var function = new Argument<PciAddress[]>("BDF")
        {
            Description = "PCI address of the function, such as 0000:01:00.0.",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = BusValues.Addresses,
        };
        Option<bool> dryRun = BusValues.DryRun();
        var command = new Command("unbind", "Gives a device back to the kernel's driver. Needs root, and that no program uses the device.") { function, dryRun };
        command.SetAction(parsed => (int)BindRun.Unbind(new PciBinder(new PciBus()), parsed.GetRequiredValue(function)[0], parsed.GetValue(dryRun)));
        return command;
    }
}
