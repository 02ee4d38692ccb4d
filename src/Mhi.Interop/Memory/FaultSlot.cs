using System.Runtime.InteropServices;

namespace Mhi.Interop.Memory;

/// <summary>One guarded range, as the code of <see cref="FaultCode"/> reads it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct FaultSlot
{
    internal const int PageShift = 12;
    internal const int CountBits = 28;
    internal const ulong MaxPages = (1UL << CountBits) - 1;

    /// <summary>
    /// Number of the first 4 KiB page above bit 28, number of pages below; 0 while the slot is free. One word, so that a
    /// signal on another thread sees a whole range or none.
    /// </summary>
    [FieldOffset(0)]
    internal ulong Range;

    /// <summary>1 once a fault has happened in the range.</summary>
    [FieldOffset(8)]
    internal int HasFaulted;

    /// <summary>Flags of the mmap that replaces the range.</summary>
    [FieldOffset(12)]
    internal int MapFlags;

    /// <summary>File of the mmap that replaces the range; -1 for none.</summary>
    [FieldOffset(16)]
    internal int Descriptor;
}
