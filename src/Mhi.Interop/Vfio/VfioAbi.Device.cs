using System.Runtime.InteropServices;

namespace Mhi.Interop.Vfio;

/// <content>
/// What requests of groups and devices carry. The first field is the number of bytes the caller has room for; the kernel may
/// write back how many it would fill.
/// </content>
internal static partial class VfioAbi
{
    [StructLayout(LayoutKind.Explicit, Size = 8)]
    internal struct GroupStatus
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;
    }

    /// <summary>The part that every kernel knows; newer ones have capabilities behind it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 20)]
    internal struct DeviceInfo
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint Regions;

        [FieldOffset(12)]
        internal uint Irqs;
    }

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    internal struct RegionInfo
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint Index;

        [FieldOffset(12)]
        internal uint Capabilities;

        [FieldOffset(16)]
        internal ulong Size;

        [FieldOffset(24)]
        internal ulong Offset;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct IrqInfo
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint Index;

        [FieldOffset(12)]
        internal uint Count;
    }

    /// <summary>One 32-bit descriptor for each vector follows.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 20)]
    internal struct IrqSet
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint Index;

        [FieldOffset(12)]
        internal uint Start;

        [FieldOffset(16)]
        internal uint Count;
    }

    /// <summary>The part that every kernel with the interface knows.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct BindIommufd
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal int Iommufd;

        [FieldOffset(12)]
        internal uint DeviceId;
    }

    /// <summary>The part that every kernel with the interface knows.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 12)]
    internal struct AttachIommufd
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint AddressSpace;
    }
}
