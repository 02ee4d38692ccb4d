using Mhi.Interop.Memory;

namespace Mhi.Endpoint.Dma;

/// <summary>One range of bus addresses and the memory behind it.</summary>
/// <param name="start">First bus address.</param>
/// <param name="memory">The memory; its length is the length of the range.</param>
/// <param name="access">What the device may do.</param>
internal readonly struct DmaEntry(ulong start, MemoryWindow memory, DmaAccess access)
{
    internal readonly ulong Start = start;
    internal readonly MemoryWindow Memory = memory;
    internal readonly DmaAccess Access = access;

    /// <summary>Last bus address; entries are never empty.</summary>
    internal ulong Last => Start + (Memory.Length - 1);
}
