using System;
using System.Globalization;
using System.Text;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Gateway.Doctor;

/// <summary>What the machine must have done before a program can open a PCI function: from its presence to its group.</summary>
internal static class HostChecks
{
    // What a device with a few channels open needs, with room; Debian's limit is half of it.
    private const long ComfortableLock = 16L << 20;

    /// <summary>Walks through them.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="address">The function.</param>
    /// <param name="profile">The profile the user says it has; null goes by its identity.</param>
    /// <param name="memory">How much memory the process may lock.</param>
    /// <param name="report">Gets the findings.</param>
    /// <returns>Whether the function can be opened, as far as sysfs knows.</returns>
    internal static bool Run(PciBus bus, PciAddress address, string? profile, MemoryLimit memory, DoctorReport report)
    {
        if (!bus.TryRead(address, out PciDevice? device))
        {
            return Fail(report, "function", PciObstacle.NoSuchFunction(bus, address));
        }

        string resets = device.ResetMethods.IsEmpty ? "no reset of its own" : $"reset by {string.Join(", ", device.ResetMethods)}";
        report.Add(Finding.Ok("function", $"{address} is {device.Identity}, class {device.Class:x6}, {DescribeBars(device)}, {resets}"));
        return CheckProfile(device, profile, report)
            && CheckPower(device, report)
            && CheckLink(device, report)
            && CheckIommu(bus, device, report)
            && CheckDriver(bus, device, report)
            && CheckGroup(device, report)
            && CheckMemory(memory, report);
    }

    private static bool CheckProfile(PciDevice device, string? wanted, DoctorReport report)
    {
        if (wanted is not null)
        {
            return report.Add(Finding.Ok("profile", $"{wanted}, as --profile says"));
        }

        return KnownProfiles.TryMatch(device.Identity, out DeviceProfile? profile)
            ? report.Add(Finding.Ok("profile", profile.Id))
            : report.Add(Finding.NotSetUp(
                "profile",
                $"No profile knows {device.Identity} (subsystem {device.Identity.SubsystemVendor:x4}:{device.Identity.SubsystemDevice:x4}).",
                "It is another kind of device, or a modem that this program has never heard of.",
                "If it is a modem of a known family, name the family with --profile; `mhi endpoint --profile list` prints them. docs/profiles.md tells how to write one."));
    }

    private static bool CheckPower(PciDevice device, DoctorReport report) => device.PowerState switch
    {
        null or "D0" or "unknown" => true,
        var state => report.Add(Finding.Note("power", $"The function is in {state}.", "The kernel has put it to sleep; opening it wakes it.")),
    };

    private static bool CheckLink(PciDevice device, DoctorReport report)
    {
        // A function on the root bus may have the registers of a link and no link: nothing is known of what it could do.
        if (device.Link is not { } link || link is { MaxSpeed: null, MaxWidth: null })
        {
            return true;
        }

        if (link.Width == 0)
        {
            // Not the end: some bridges say so of a link that works, and a dead one shows in the registers.
            return report.Add(Finding.Note(
                "link",
                $"No lane is in use ({link}).",
                "The link is down: the device has no power, is not plugged in properly, or sleeps.",
                "If the registers do not answer either, power-cycle the device and check the slot."));
        }

        bool isSlow = link.Speed < link.MaxSpeed || link.Width < link.MaxWidth;
        return isSlow
            ? report.Add(Finding.Note(
                "link",
                link.ToString(),
                "The link is slower or narrower than the device can do: the slot has no more, or the link saves power.",
                "If throughput matters, look at the slot's own limits: `lspci -vv` on the bridge above."))
            : report.Add(Finding.Ok("link", link.ToString()));
    }

    private static bool CheckIommu(PciBus bus, PciDevice device, DoctorReport report) => device.IommuGroup is { } group
        ? report.Add(Finding.Ok("iommu", string.Create(CultureInfo.InvariantCulture, $"group {group}")))
        : Fail(report, "iommu", PciObstacle.NoIommu(bus, device));

    private static bool CheckDriver(PciBus bus, PciDevice device, DoctorReport report)
    {
        if (device.IsBoundToVfio)
        {
            return report.Add(Finding.Ok("driver", PciDevice.VfioDriver));
        }

        return bus.HasDriver(PciDevice.VfioDriver)
            ? Fail(report, "driver", PciObstacle.NotBound(device))
            : Fail(report, "driver", PciObstacle.DriverNotLoaded(PciDevice.VfioDriver) with
            {
                Meaning = $"The kernel cannot give the device to a program; it is bound to {device.Driver ?? "no driver"} now.",
                Advice = $"Load it and bind the device, as root: modprobe {PciDevice.VfioDriver} && mhi bind {device.Address}",
            });
    }

    private static bool CheckGroup(PciDevice device, DoctorReport report)
    {
        if (!device.Blockers.IsEmpty)
        {
            return Fail(report, "group", PciObstacle.GroupNotViable(device));
        }

        int others = Math.Max(device.GroupMembers.Length - 1, 0);
        return report.Add(Finding.Ok("group", others == 0 ? "the device is alone in it" : $"{others} other members, none in the kernel's use"));
    }

    private static bool CheckMemory(MemoryLimit memory, DoctorReport report)
    {
        if (memory.Bytes is not { } bytes)
        {
            return report.Add(Finding.Ok("memlock", "no limit"));
        }

        string seen = string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10} KiB may be locked");
        return bytes >= ComfortableLock
            ? report.Add(Finding.Ok("memlock", seen))
            : report.Add(Finding.Note(
                "memlock",
                seen,
                "DMA memory counts against this limit: a few channels fit, all of them may not.",
                "Raise it: `ulimit -l unlimited`, LimitMEMLOCK=infinity in a systemd unit, or memlock in /etc/security/limits.conf."));
    }

    private static string DescribeBars(PciDevice device)
    {
        var bars = new StringBuilder();
        foreach (PciBar bar in device.Bars)
        {
            if (bar.IsMemory)
            {
                bars.Append(CultureInfo.InvariantCulture, $"{(bars.Length == 0 ? "" : ", ")}BAR {bar.Index} of {bar.Length >> 10} KiB");
            }
        }

        return bars.Length == 0 ? "no BAR" : bars.ToString();
    }

    private static bool Fail(DoctorReport report, string step, PciObstacle obstacle) =>
        report.Add(Finding.NotSetUp(step, obstacle.Seen, obstacle.Meaning, obstacle.Advice));
}
