using System.Runtime.InteropServices;

namespace Mhi.Rings;

// Each side's words sit 64 bytes from both ends of their struct, so no other field shares their cache line however the
// runtime lays the object out. The other side's index is cached beside the own one: it is read again only when the cached
// value is not enough, which keeps the line from bouncing on every item. Outside of HandoffRing because a type inside a
// generic one cannot have an explicit layout.

/// <summary>What the producer of a <see cref="HandoffRing{T}"/> writes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct HandoffProducer
{
    [FieldOffset(64)]
    public nuint Tail;

    /// <summary>Value of <see cref="Tail"/> at which the ring is full, as far as the producer knows.</summary>
    [FieldOffset(72)]
    public nuint Limit;
}

/// <summary>What the consumer of a <see cref="HandoffRing{T}"/> writes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct HandoffConsumer
{
    [FieldOffset(64)]
    public nuint Head;

    [FieldOffset(72)]
    public nuint TailSeen;
}
