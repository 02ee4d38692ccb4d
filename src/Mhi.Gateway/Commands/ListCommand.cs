using System.CommandLine;
using Mhi.Gateway.Bus;
using Mhi.Pci;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi list</c>.</summary>
internal static class ListCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Prints a JSON array." };
        var all = new Option<bool>("--all") { Description = "Lists the PCI functions that no profile knows, too." };
        var command = new Command("list", "Lists the MHI devices of this machine: what each is bound to, and what to type next.") { all, json };
        command.SetAction(parsed => (int)ListRun.Run(new PciBus(), parsed.GetValue(all), parsed.GetValue(json)));
        return command;
    }
}
