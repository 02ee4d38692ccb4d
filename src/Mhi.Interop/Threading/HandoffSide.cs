using System.Runtime.InteropServices;

namespace Mhi.Interop.Threading;

/// <summary>
/// What one side of a <see cref="HandoffRing{T}"/> works with. Outside of that class because a type inside a generic one
/// cannot have an explicit layout.
/// </summary>
/// <remarks>
/// The words lie 64 bytes from both ends, so no other field shares their cache line wherever the runtime puts the struct.
/// The other side's index is remembered beside the own one and read again only when that is not enough, which keeps the
/// line from going back and forth for every item. Address and mask of the items are here a second time, so that an
/// operation finds all it needs on one line.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 160)]
internal unsafe struct HandoffSide
{
    /// <summary>Producer: the tail. Consumer: the head. Written by this side, read by the other.</summary>
    [FieldOffset(64)]
    internal nuint Own;

    /// <summary>Value of <see cref="Own"/> at which this side must look at the other: full, or empty.</summary>
    [FieldOffset(72)]
    internal nuint Limit;

    /// <summary>Address of the items, which never move.</summary>
    [FieldOffset(80)]
    internal void* Items;

    /// <summary>One less than the number of items that fit.</summary>
    [FieldOffset(88)]
    internal nuint Mask;
}
