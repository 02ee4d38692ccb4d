using System;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;

namespace Mhi.Interop.Vfio;

/// <summary>The address space of the newer interface: an I/O address space of <c>/dev/iommu</c>.</summary>
/// <remarks>Safe as <see cref="DmaAddressSpace"/> is.</remarks>
public sealed unsafe class Iommufd : DmaAddressSpace
{
    private const int FirstGuess = 16;
    private const uint MostRanges = 4096;

    private readonly FileDescriptor _file;
    private uint _id;

    private Iommufd(FileDescriptor file)
    {
        _file = file;
    }

    /// <summary>Opens the interface.</summary>
    /// <param name="path">Usually <c>/dev/iommu</c>.</param>
    /// <returns>The interface, without an address space.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static Iommufd Open(string path) => new(FileDescriptor.Open(path));

    /// <summary>Binds a device that was opened by itself; until then it answers nothing.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void Bind(VfioDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var bind = new VfioAbi.BindIommufd { ArgumentSize = (uint)sizeof(VfioAbi.BindIommufd), Iommufd = _file.Number };
        if (Libc.Ioctl(device.File.Number, VfioAbi.DeviceBindIommufd, &bind) != 0)
        {
            throw new SystemCallException("VFIO_DEVICE_BIND_IOMMUFD", "bind the device to an iommufd");
        }
    }

    /// <summary>Creates an address space, attaches a bound device to it and learns its limits.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void CreateAddressSpace(VfioDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var alloc = new VfioAbi.AddressSpaceAlloc { Size = (uint)sizeof(VfioAbi.AddressSpaceAlloc) };
        if (Libc.Ioctl(_file.Number, VfioAbi.IoasAlloc, &alloc) != 0)
        {
            throw new SystemCallException("IOMMU_IOAS_ALLOC", "create the DMA address space");
        }

        _id = alloc.Id;
        var attach = new VfioAbi.AttachIommufd { ArgumentSize = (uint)sizeof(VfioAbi.AttachIommufd), AddressSpace = _id };
        if (Libc.Ioctl(device.File.Number, VfioAbi.DeviceAttachIommufdPt, &attach) != 0)
        {
            throw new SystemCallException("VFIO_DEVICE_ATTACH_IOMMUFD_PT", "attach the device to its DMA address space");
        }

        AllowedRanges = ReadRanges();
    }

    /// <inheritdoc/>
    public override void Map(MappedMemory memory, ulong busAddress)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var map = new VfioAbi.AddressSpaceMap
        {
            Size = (uint)sizeof(VfioAbi.AddressSpaceMap),
            Flags = VfioAbi.IoasMapFixed | VfioAbi.IoasMapReadWrite,
            Id = _id,
            HostAddress = (nuint)memory.Address,
            Length = (ulong)memory.Length,
            BusAddress = busAddress,
        };
        if (Libc.Ioctl(_file.Number, VfioAbi.IoasMap, &map) != 0)
        {
            throw new SystemCallException("IOMMU_IOAS_MAP", $"map {memory.Length} bytes at bus address 0x{busAddress:x}");
        }
    }

    /// <inheritdoc/>
    public override ulong Unmap(ulong busAddress, ulong length)
    {
        var unmap = new VfioAbi.AddressSpaceUnmap
        {
            Size = (uint)sizeof(VfioAbi.AddressSpaceUnmap),
            Id = _id,
            BusAddress = busAddress,
            Length = length,
        };
        if (Libc.Ioctl(_file.Number, VfioAbi.IoasUnmap, &unmap) == 0)
        {
            return unmap.Length;
        }

        // The other interface calls that a success of nothing.
        return Marshal.GetLastPInvokeError() == Libc.ErrorNoEntry
            ? 0UL
            : throw new SystemCallException("IOMMU_IOAS_UNMAP", $"unmap {length} bytes at bus address 0x{busAddress:x}");
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private ImmutableArray<IovaRange> ReadRanges()
    {
        for (uint count = FirstGuess; ;)
        {
            var ranges = new IovaRange[count];
            fixed (IovaRange* first = ranges)
            {
                var request = new VfioAbi.AddressSpaceRanges
                {
                    Size = (uint)sizeof(VfioAbi.AddressSpaceRanges),
                    Id = _id,
                    Count = count,
                    Ranges = (nuint)first,
                };
                if (Libc.Ioctl(_file.Number, VfioAbi.IoasIovaRanges, &request) == 0 && request.Count <= count)
                {
                    return [.. ranges.AsSpan(0, (int)request.Count)];
                }

                if (Marshal.GetLastPInvokeError() != Libc.ErrorTooLarge || request.Count <= count || request.Count > MostRanges)
                {
                    throw new SystemCallException("IOMMU_IOAS_IOVA_RANGES", "learn which bus addresses the IOMMU translates");
                }

                count = request.Count;
            }
        }
    }
}
