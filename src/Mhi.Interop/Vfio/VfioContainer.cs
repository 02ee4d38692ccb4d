using System;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using Mhi.Interop.Linux;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;

namespace Mhi.Interop.Vfio;

/// <summary>The address space of the older interface: a container of IOMMU groups, type 1 version 2.</summary>
/// <remarks>Safe as <see cref="DmaAddressSpace"/> is.</remarks>
public sealed unsafe class VfioContainer : DmaAddressSpace
{
    private readonly FileDescriptor _file;

    private VfioContainer(FileDescriptor file)
    {
        _file = file;
    }

    /// <summary>Whether the kernel speaks this version of the interface, with type 1 version 2.</summary>
    public bool IsSupported =>
        Libc.Ioctl(_file.Number, VfioAbi.GetApiVersion, null) == 0
        && Libc.Ioctl(_file.Number, VfioAbi.CheckExtension, (void*)VfioAbi.Type1V2Iommu) == 1;

    /// <summary>Opens a new container.</summary>
    /// <param name="path">Usually <c>/dev/vfio/vfio</c>.</param>
    /// <returns>The container, without groups.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static VfioContainer Open(string path) => new(FileDescriptor.Open(path));

    /// <summary>Puts a group into the container.</summary>
    /// <param name="group">The group.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void Add(VfioGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        int container = _file.Number;
        if (Libc.Ioctl(group.File.Number, VfioAbi.GroupSetContainer, &container) != 0)
        {
            throw new SystemCallException("VFIO_GROUP_SET_CONTAINER", "put the IOMMU group into a container");
        }
    }

    /// <summary>Creates the address space and learns its limits; after the first group was added.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void CreateAddressSpace()
    {
        if (Libc.Ioctl(_file.Number, VfioAbi.SetIommu, (void*)VfioAbi.Type1V2Iommu) != 0)
        {
            throw new SystemCallException("VFIO_SET_IOMMU", "create the DMA address space");
        }

        // On x64 the bus is coherent, and the answer is about something else: whether a device can ask it not to be.
        IsCoherent = !ArmBase.IsSupported || Libc.Ioctl(_file.Number, VfioAbi.CheckExtension, (void*)VfioAbi.DmaCoherent) == 1;
        byte[] answer = VfioAbi.Ask(_file.Number, VfioAbi.IommuGetInfo, "VFIO_IOMMU_GET_INFO", new byte[sizeof(VfioAbi.IommuInfo)]);
        var info = MemoryMarshal.Read<VfioAbi.IommuInfo>(answer);
        if ((info.Flags & VfioAbi.IommuHasCapabilities) != 0
            && CapabilityChain.TryFind(answer, info.Capabilities, VfioAbi.IovaRangesCapability, out ReadOnlySpan<byte> ranges))
        {
            AllowedRanges = ImmutableArray.CreateRange(CapabilityChain.ReadPairs(ranges), static pair => new IovaRange(pair.First, pair.Second));
        }
    }

    /// <inheritdoc/>
    public override void Map(MappedMemory memory, ulong busAddress)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var map = new VfioAbi.DmaMap
        {
            ArgumentSize = (uint)sizeof(VfioAbi.DmaMap),
            Flags = VfioAbi.MapReadWrite,
            HostAddress = (nuint)memory.Address,
            BusAddress = busAddress,
            Size = (ulong)memory.Length,
        };
        if (Libc.Ioctl(_file.Number, VfioAbi.IommuMapDma, &map) != 0)
        {
            throw new SystemCallException("VFIO_IOMMU_MAP_DMA", $"map {memory.Length} bytes at bus address 0x{busAddress:x}");
        }
    }

    /// <inheritdoc/>
    public override ulong Unmap(ulong busAddress, ulong length)
    {
        var unmap = new VfioAbi.DmaUnmap
        {
            ArgumentSize = (uint)sizeof(VfioAbi.DmaUnmap),
            BusAddress = busAddress,
            Size = length,
        };
        return Libc.Ioctl(_file.Number, VfioAbi.IommuUnmapDma, &unmap) == 0
            ? unmap.Size
            : throw new SystemCallException("VFIO_IOMMU_UNMAP_DMA", $"unmap {length} bytes at bus address 0x{busAddress:x}");
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();
}
