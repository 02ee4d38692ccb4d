using System;
using Mhi.Interop.Memory;

namespace Mhi.Pci;

/// <summary>Memory that both host and device reach: the host by a mapping, the device at a bus address.</summary>
/// <remarks>Made and freed by the function it belongs to.</remarks>
public sealed class DmaRegion
{
    /// <summary>Creates the description of a region.</summary>
    /// <param name="memory">The host's mapping.</param>
    /// <param name="busAddress">Where the device sees its first byte.</param>
    public DmaRegion(MappedMemory memory, ulong busAddress)
    {
        ArgumentNullException.ThrowIfNull(memory);
        Memory = memory;
        BusAddress = busAddress;
    }

    /// <summary>The host's mapping.</summary>
    public MappedMemory Memory { get; }

    /// <summary>Where the device sees the first byte.</summary>
    public ulong BusAddress { get; }

    /// <summary>Length in bytes.</summary>
    public long Length => Memory.Length;
}
