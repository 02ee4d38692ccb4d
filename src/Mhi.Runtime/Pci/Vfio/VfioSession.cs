using System;
using System.Globalization;
using System.IO;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Vfio;

namespace Mhi.Pci.Vfio;

/// <summary>What the kernel must hand out for a function to be used: the device, its address space and, where there is one, its group.</summary>
internal sealed class VfioSession : IDisposable
{
    private readonly VfioGroup? _group;

    private VfioSession(VfioDevice device, DmaAddressSpace memory, VfioGroup? group)
    {
        Device = device;
        Memory = memory;
        _group = group;
    }

    /// <summary>The device.</summary>
    internal VfioDevice Device { get; }

    /// <summary>What it can reach.</summary>
    internal DmaAddressSpace Memory { get; }

    /// <summary>Which of the kernel's interfaces it is.</summary>
    internal VfioInterface Interface => _group is null ? VfioInterface.Iommufd : VfioInterface.Group;

    /// <summary>Opens a function.</summary>
    /// <param name="device">What sysfs says of it.</param>
    /// <param name="options">Choices.</param>
    /// <returns>The open function.</returns>
    /// <exception cref="MhiException">It cannot be opened; the message says why and what to do.</exception>
    internal static VfioSession Open(PciDevice device, VfioOptions options)
    {
        string container = Path.Combine(options.DeviceNodes, "vfio/vfio");
        string iommufd = Path.Combine(options.DeviceNodes, "iommu");
        string? node = device.VfioDeviceName is { } name ? Path.Combine(options.DeviceNodes, "vfio/devices", name) : null;
        ThrowIfNotReady(device, options.Bus, File.Exists(container) || File.Exists(iommufd));
        if (options.Interface == VfioInterface.Iommufd || (options.Interface == VfioInterface.Any && node is not null && File.Exists(node) && File.Exists(iommufd)))
        {
            try
            {
                return OpenNode(device, iommufd, node ?? Path.Combine(options.DeviceNodes, "vfio/devices"));
            }
            catch (MhiException) when (options.Interface == VfioInterface.Any && File.Exists(GroupNode(device, options)))
            {
                // Permissions may be there for the other interface only, and it has the better errors.
            }
        }

        return OpenGroup(device, container, GroupNode(device, options));
    }

    /// <summary>Gives everything back, the device first.</summary>
    public void Dispose()
    {
        Device.Dispose();
        _group?.Dispose();
        Memory.Dispose();
    }

    private static string GroupNode(PciDevice device, VfioOptions options) =>
        Path.Combine(options.DeviceNodes, "vfio", device.IommuGroup.GetValueOrDefault().ToString(CultureInfo.InvariantCulture));

    private static void ThrowIfNotReady(PciDevice device, PciBus bus, bool hasInterface)
    {
        if (device.IommuGroup is null)
        {
            throw PciObstacle.NoIommu(bus, device).ToException();
        }

        if (!device.IsBoundToVfio)
        {
            throw (hasInterface || bus.HasDriver(PciDevice.VfioDriver) ? PciObstacle.NotBound(device) : PciObstacle.DriverNotLoaded(PciDevice.VfioDriver)).ToException();
        }
    }

    private static VfioSession OpenGroup(PciDevice device, string containerNode, string groupNode)
    {
        VfioContainer? container = null;
        VfioGroup? group = null;
        var step = VfioStep.OpenContainer;
        string node = containerNode;
        try
        {
            container = VfioContainer.Open(containerNode);
            if (!container.IsSupported)
            {
                throw new MhiException(
                    MhiErrorCode.TransportUnavailable,
                    $"The kernel does not offer the DMA address space (type 1 version 2) that {device.Address} needs. Load it with: modprobe vfio_iommu_type1");
            }

            step = VfioStep.OpenGroup;
            node = groupNode;
            group = VfioGroup.Open(groupNode);
            if (!group.IsViable)
            {
                throw PciObstacle.GroupNotViable(device).ToException();
            }

            step = VfioStep.AddGroup;
            container.Add(group);
            step = VfioStep.CreateAddressSpace;
            container.CreateAddressSpace();
            ThrowIfIncoherent(device, container);
            step = VfioStep.OpenDevice;
            return new VfioSession(group.OpenDevice(device.Address.ToString()), container, group);
        }
        catch (Exception exception)
        {
            group?.Dispose();
            container?.Dispose();
            if (exception is SystemCallException cause)
            {
                throw VfioErrors.Of(step, device, node, cause);
            }

            throw;
        }
    }

    private static VfioSession OpenNode(PciDevice device, string iommufdNode, string deviceNode)
    {
        Iommufd? iommufd = null;
        VfioDevice? opened = null;
        var step = VfioStep.OpenIommufd;
        string node = iommufdNode;
        try
        {
            iommufd = Iommufd.Open(iommufdNode);
            step = VfioStep.OpenNode;
            node = deviceNode;
            opened = VfioDevice.Open(deviceNode);
            step = VfioStep.Bind;
            iommufd.Bind(opened);
            step = VfioStep.CreateAddressSpace;
            iommufd.CreateAddressSpace(opened);
            return new VfioSession(opened, iommufd, null);
        }
        catch (SystemCallException cause)
        {
            opened?.Dispose();
            iommufd?.Dispose();
            throw VfioErrors.Of(step, device, node, cause);
        }
    }

    private static void ThrowIfIncoherent(PciDevice device, VfioContainer container)
    {
        if (!container.IsCoherent)
        {
            throw new MhiException(
                MhiErrorCode.NotSupported,
                $"DMA of {device.Address} does not see the processor's caches on this machine. Devices that are not cache-coherent are not supported.");
        }
    }
}
