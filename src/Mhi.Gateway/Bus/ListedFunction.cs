using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Gateway.Bus;

/// <summary>A PCI function and the profile that knows it.</summary>
/// <param name="Device">What sysfs says of it.</param>
/// <param name="Profile">Its profile, or null.</param>
internal sealed record ListedFunction(PciDevice Device, DeviceProfile? Profile)
{
    /// <summary>What to type next, or null.</summary>
    internal string? Next => Profile is null ? null
        : Device.IommuGroup is null || Device is { IsBoundToVfio: true, Blockers.IsEmpty: true } ? $"mhi doctor --device vfio:{Device.Address}"
        : $"mhi bind {string.Join(' ', (string[])[Device.Address.ToString(), .. Array.ConvertAll<PciGroupMember, string>([.. Device.Blockers], static member => member.Name)])}";

    /// <summary>Looks at a bus.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="all">Whether functions that no profile knows are wanted.</param>
    /// <returns>The functions.</returns>
    internal static ImmutableArray<ListedFunction> Find(PciBus bus, bool all)
    {
        List<ListedFunction> functions = [];
        foreach (PciAddress address in bus.Addresses())
        {
            if (bus.TryRead(address, out PciDevice? device)
                && (KnownProfiles.TryMatch(device.Identity, out DeviceProfile? profile) || all))
            {
                functions.Add(new ListedFunction(device, profile));
            }
        }

        return [.. functions];
    }
}
