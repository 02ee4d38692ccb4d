using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using Mhi.Controller;

namespace Mhi.Pci;

/// <summary>
/// Gives PCI functions to another driver by <c>driver_override</c>, and back. What fails half-way is taken back; what
/// cannot be is said.
/// </summary>
/// <remarks>Needs root, except to plan.</remarks>
public sealed class PciBinder
{
    private readonly PciBus _bus;
    private readonly Action<SysfsWrite> _write;

    /// <summary>Creates a binder.</summary>
    /// <param name="bus">The bus.</param>
    public PciBinder(PciBus bus)
        : this(bus, SysfsFile.Write)
    {
    }

    /// <summary>Creates a binder that writes in its own way.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="write">Writes to sysfs.</param>
    internal PciBinder(PciBus bus, Action<SysfsWrite> write)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        _write = write;
    }

    /// <summary>What <see cref="Bind"/> would write. Functions that are bound already need nothing.</summary>
    /// <param name="addresses">The functions.</param>
    /// <param name="driver">The driver they are to have.</param>
    /// <returns>The writes, in order.</returns>
    /// <exception cref="MhiException">It cannot be done; the message says why.</exception>
    public ImmutableArray<SysfsWrite> PlanBind(ImmutableArray<PciAddress> addresses, string driver)
    {
        List<SysfsWrite> writes = [];
        foreach (PciDevice device in Check(addresses, driver))
        {
            writes.AddRange(Writes(device, driver));
        }

        return [.. writes];
    }

    /// <summary>Binds functions to a driver, all or none.</summary>
    /// <param name="addresses">The functions.</param>
    /// <param name="driver">The driver.</param>
    /// <exception cref="MhiException">It cannot be done, or failed; the message says why, and what is not as before.</exception>
    public void Bind(ImmutableArray<PciAddress> addresses, string driver)
    {
        List<PciDevice> devices = Check(addresses, driver);
        List<PciDevice> touched = [];
        try
        {
            foreach (PciDevice device in devices)
            {
                touched.Add(device);
                foreach (SysfsWrite write in Writes(device, driver))
                {
                    _write(write);
                }

                ThrowUnlessBound(device, driver);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or MhiException)
        {
            string left = "";
            for (int i = touched.Count - 1; i >= 0; i--)
            {
                left += TakeBack(touched[i]);
            }

            throw Explain(exception, touched[^1], left);
        }
    }

    /// <summary>What <see cref="Unbind"/> would write.</summary>
    /// <param name="address">The function.</param>
    /// <returns>The writes, in order.</returns>
    /// <exception cref="MhiException">There is nothing to undo; the message says why.</exception>
    public ImmutableArray<SysfsWrite> PlanUnbind(PciAddress address)
    {
        PciDevice device = Read(address);
        if (device.DriverOverride is null && device.Driver is { } driver && !driver.Contains("vfio", StringComparison.Ordinal))
        {
            throw new MhiException(MhiErrorCode.NotBound, $"{address} is bound to {driver} already, which is not a driver of VFIO. There is nothing to undo.");
        }

        return [.. Release(device), OverrideOf(device, ""), Probe(device)];
    }

    /// <summary>Gives a function back to the driver that the kernel has for it.</summary>
    /// <param name="address">The function.</param>
    /// <returns>The driver it has now; null when the kernel has none loaded that wants it.</returns>
    /// <exception cref="MhiException">It failed; the message says why, and what is not as before.</exception>
    public string? Unbind(PciAddress address)
    {
        ImmutableArray<SysfsWrite> plan = PlanUnbind(address);
        PciDevice before = Read(address);
        try
        {
            foreach (SysfsWrite write in plan)
            {
                _write(write);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception, before, TakeBack(before));
        }

        return Read(address).Driver;
    }

    private List<PciDevice> Check(ImmutableArray<PciAddress> addresses, string driver)
    {
        List<PciDevice> devices = [];
        foreach (PciAddress address in addresses)
        {
            PciDevice device = Read(address);
            if (device.Driver == driver || devices.Exists(known => known.Address == address))
            {
                continue;
            }

            if (driver.Contains("vfio", StringComparison.Ordinal))
            {
                ThrowUnlessForPrograms(device, addresses);
            }

            devices.Add(device);
        }

        if (devices.Count != 0 && !_bus.HasDriver(driver))
        {
            throw PciObstacle.DriverNotLoaded(driver).ToException();
        }

        return devices;
    }

    // A driver of the kernel needs neither an IOMMU nor the group to itself.
    private void ThrowUnlessForPrograms(PciDevice device, ImmutableArray<PciAddress> together)
    {
        if (device.IommuGroup is null)
        {
            throw PciObstacle.NoIommu(_bus, device).ToException();
        }

        foreach (PciGroupMember member in device.Blockers)
        {
            if (!PciAddress.TryParse(member.Name, out PciAddress other) || !together.Contains(other))
            {
                throw PciObstacle.GroupNotViable(device).ToException();
            }
        }
    }

    private PciDevice Read(PciAddress address) =>
        _bus.TryRead(address, out PciDevice? device) ? device : throw PciObstacle.NoSuchFunction(_bus, address).ToException();

    private SysfsWrite[] Writes(PciDevice device, string driver) =>
        [.. Release(device), OverrideOf(device, driver), Probe(device)];

    private SysfsWrite[] Release(PciDevice device) => device.Driver is { } driver
        ? [new SysfsWrite(Path.Combine(_bus.Root, "bus/pci/drivers", driver, "unbind"), device.Address.ToString())]
        : [];

    private static SysfsWrite OverrideOf(PciDevice device, string driver) => new(Path.Combine(device.Path, "driver_override"), driver);

    private SysfsWrite Probe(PciDevice device) => new(Path.Combine(_bus.Root, "bus/pci/drivers_probe"), device.Address.ToString());

    // drivers_probe is content with a device that no driver took; only the link tells.
    private void ThrowUnlessBound(PciDevice device, string driver)
    {
        string? now = _bus.TryRead(device.Address, out PciDevice? after) ? after.Driver : null;
        if (now != driver)
        {
            throw new MhiException(
                MhiErrorCode.NotBound,
                $"The kernel took every step, but {device.Address} is bound to {now ?? "no driver"} and not to {driver}: the driver refused it. The kernel log says why (dmesg); error -22 from vfio-pci stands for a device without an IOMMU.");
        }
    }

    /// <summary>Brings a function back to what it was. Returns what is not as before, as a sentence.</summary>
    private string TakeBack(PciDevice before)
    {
        try
        {
            if (!_bus.TryRead(before.Address, out PciDevice? now))
            {
                return $" {before.Address} has left the bus meanwhile.";
            }

            if (now.DriverOverride != before.DriverOverride)
            {
                _write(OverrideOf(now, before.DriverOverride ?? ""));
            }

            if (now.Driver != before.Driver)
            {
                Array.ForEach(Release(now), _write);
                if (before.Driver is not null)
                {
                    _write(Probe(now));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is there now is told below.
        }

        if (!_bus.TryRead(before.Address, out PciDevice? after) || (after.Driver == before.Driver && after.DriverOverride == before.DriverOverride))
        {
            return "";
        }

        return $" It could not be taken back: {before.Address} is bound to {after.Driver ?? "no driver"} (before: {before.Driver ?? "none"}) and its driver_override is {after.DriverOverride ?? "empty"} (before: {before.DriverOverride ?? "empty"}).";
    }

    private static MhiException Explain(Exception cause, PciDevice device, string left)
    {
        string outcome = left.Length == 0 ? " Everything is as it was before." : left;
        return cause switch
        {
            MhiException known => new MhiException(known.Code, known.Message + outcome, innerException: known),
            UnauthorizedAccessException => new MhiException(
                MhiErrorCode.PermissionDenied,
                $"Only root may bind {device.Address} to another driver: the write to sysfs was refused. Run the command with sudo.{outcome}",
                innerException: cause),
            _ => new MhiException(
                MhiErrorCode.NotBound,
                $"The kernel refused a step of binding {device.Address}: {cause.Message.TrimEnd('.')}. The kernel log may say more (dmesg).{outcome}",
                innerException: cause),
        };
    }
}
