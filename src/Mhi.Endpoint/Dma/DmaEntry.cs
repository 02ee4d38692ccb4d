using Mhi.Interop.Memory;

namespace Mhi.Endpoint.Dma;

/// <summary>One range of bus addresses and the memory behind it.</summary>
internal readonly struct DmaEntry
{
    internal readonly ulong Start;

    /// <summary>The memory; empty when the range is remote.</summary>
    internal readonly MemoryWindow Memory;

    /// <summary>Last bus address; entries are never empty.</summary>
    internal readonly ulong Last;

    internal readonly DmaAccess Access;

    /// <summary>Creates an entry over mapped memory.</summary>
    /// <param name="start">First bus address.</param>
    /// <param name="memory">The memory; its length is the length of the range.</param>
    /// <param name="access">What the device may do.</param>
    internal DmaEntry(ulong start, MemoryWindow memory, DmaAccess access)
    {
        Start = start;
        Memory = memory;
        Last = start + (memory.Length - 1);
        Access = access;
    }

    /// <summary>Creates an entry over remote memory.</summary>
    /// <param name="start">First bus address.</param>
    /// <param name="last">Last bus address.</param>
    /// <param name="access">What the device may do.</param>
    internal DmaEntry(ulong start, ulong last, DmaAccess access)
    {
        Start = start;
        Memory = default;
        Last = last;
        Access = access;
    }

    internal bool IsRemote => Memory.Length == 0;
}
