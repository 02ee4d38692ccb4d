using System.Collections.Immutable;
using System.Text;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;
using Mhi.Pci;

namespace Mhi.Gateway.Bus;

/// <summary>Binds and unbinds, and says what was done.</summary>
internal static class BindRun
{
    /// <summary>Binds functions.</summary>
    /// <param name="binder">Does it.</param>
    /// <param name="addresses">The functions.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="dryRun">Only prints what would be written.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Bind(PciBinder binder, ImmutableArray<PciAddress> addresses, string driver, bool dryRun)
    {
        ImmutableArray<SysfsWrite> plan = binder.PlanBind(addresses, driver);
        if (dryRun)
        {
            return Print(plan);
        }

        binder.Bind(addresses, driver);
        var text = new StringBuilder();
        foreach (PciAddress address in addresses)
        {
            text.Append(address).Append(" is bound to ").Append(driver).Append(".\n");
        }

        if (driver == PciDevice.VfioDriver)
        {
            text.Append("Next: mhi doctor --device vfio:").Append(addresses[0]).Append('\n');
        }

        StandardStreams.WriteText(text.ToString());
        return ExitCode.Done;
    }

    /// <summary>Gives a function back.</summary>
    /// <param name="binder">Does it.</param>
    /// <param name="address">The function.</param>
    /// <param name="dryRun">Only prints what would be written.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Unbind(PciBinder binder, PciAddress address, bool dryRun)
    {
        ImmutableArray<SysfsWrite> plan = binder.PlanUnbind(address);
        if (dryRun)
        {
            return Print(plan);
        }

        StandardStreams.WriteText(binder.Unbind(address) is { } driver
            ? $"{address} is bound to {driver}.\n"
            : $"{address} is bound to no driver: none that is loaded wants it. Load one, such as with `modprobe mhi_pci_generic`.\n");
        return ExitCode.Done;
    }

    private static ExitCode Print(ImmutableArray<SysfsWrite> plan)
    {
        var text = new StringBuilder();
        foreach (SysfsWrite write in plan)
        {
            text.Append(write).Append('\n');
        }

        StandardStreams.WriteText(text.Length == 0 ? "# Nothing to do.\n" : text.ToString());
        return ExitCode.Done;
    }
}
