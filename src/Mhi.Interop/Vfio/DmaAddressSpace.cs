using System;
using System.Collections.Immutable;
using Mhi.Interop.Memory;

namespace Mhi.Interop.Vfio;

/// <summary>What a device can reach by DMA: bus addresses that the IOMMU translates to memory of this process.</summary>
/// <remarks>
/// Safe as long as memory is unmapped here before it is unmapped from the process: the pages stay pinned meanwhile, so a
/// device never reaches memory of somebody else, but it would reach pages that this process has forgotten. Used by one
/// thread at a time.
/// </remarks>
public abstract class DmaAddressSpace : IDisposable
{
    private protected DmaAddressSpace()
    {
    }

    /// <summary>The addresses that can be used, ascending; empty when the kernel does not say.</summary>
    public ImmutableArray<IovaRange> AllowedRanges { get; private protected set; } = [];

    /// <summary>Whether accesses of devices see the processor's caches.</summary>
    public bool IsCoherent { get; private protected set; } = true;

    /// <summary>Lets the device reach memory, for reading and writing. Its pages are pinned from now on.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="busAddress">Where the device is to see its first byte.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public abstract void Map(MappedMemory memory, ulong busAddress);

    /// <summary>Takes memory away from the device. On return it has no access to it any more.</summary>
    /// <param name="busAddress">As it was mapped.</param>
    /// <param name="length">As it was mapped.</param>
    /// <returns>Bytes that the kernel unmapped.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public abstract ulong Unmap(ulong busAddress, ulong length);

    /// <summary>Gives the address space up; what is mapped still is unmapped when the last device has been closed.</summary>
    public abstract void Dispose();
}
