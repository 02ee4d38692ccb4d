using System;
using System.Collections.Immutable;
using System.Globalization;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;
using Mhi.Pci;

namespace Mhi.Gateway.Bus;

/// <summary>Lists the MHI devices of a machine.</summary>
internal static class ListRun
{
    /// <summary>Lists.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="all">Whether functions that no profile knows are wanted.</param>
    /// <param name="json">Whether a program reads it.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Run(PciBus bus, bool all, bool json)
    {
        ImmutableArray<ListedFunction> functions = ListedFunction.Find(bus, all);
        if (json)
        {
            StandardStreams.WriteText(ListJson.Write(functions));
        }
        else if (functions.IsEmpty)
        {
            StandardStreams.WriteErrorText(DescribeNone(bus) + "\n");
        }
        else
        {
            StandardStreams.WriteText(WriteText(functions));
        }

        return ExitCode.Done;
    }

    /// <summary>Says why the list is empty.</summary>
    /// <param name="bus">The bus.</param>
    /// <returns>A sentence or two.</returns>
    internal static string DescribeNone(PciBus bus) => bus.Exists
        ? $"None of the {bus.Addresses().Length} PCI functions of this machine is a device that a profile knows. `mhi list --all` lists them; `--profile` takes a device for one of a known family."
        : $"There is no PCI bus in {bus.Root}: this machine, or this container, has no PCI devices.";

    /// <summary>Writes the list for people.</summary>
    /// <param name="functions">The functions.</param>
    /// <returns>Lines of text, the first with the names of the columns.</returns>
    internal static string WriteText(ImmutableArray<ListedFunction> functions) => TextColumns.Write(
        [["FUNCTION", "ID", "PROFILE", "DRIVER", "GROUP", "NEXT"], .. Array.ConvertAll<ListedFunction, string[]>([.. functions], Cells)]);

    private static string[] Cells(ListedFunction function) =>
    [
        function.Device.Address.ToString(),
        function.Device.Identity.ToString(),
        function.Profile?.Id ?? "-",
        function.Device.Driver ?? "-",
        function.Device.IommuGroup?.ToString(CultureInfo.InvariantCulture) ?? "-",
        function.Next ?? "",
    ];
}
