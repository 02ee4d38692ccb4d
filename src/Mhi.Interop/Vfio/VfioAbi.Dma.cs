using System.Runtime.InteropServices;

namespace Mhi.Interop.Vfio;

/// <content>What requests of containers and iommufds carry. The first field is the size of the structure.</content>
internal static partial class VfioAbi
{
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct IommuInfo
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal ulong PageSizes;

        [FieldOffset(16)]
        internal uint Capabilities;
    }

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    internal struct DmaMap
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal ulong HostAddress;

        [FieldOffset(16)]
        internal ulong BusAddress;

        [FieldOffset(24)]
        internal ulong Size;
    }

    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct DmaUnmap
    {
        [FieldOffset(0)]
        internal uint ArgumentSize;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal ulong BusAddress;

        [FieldOffset(16)]
        internal ulong Size;
    }

    [StructLayout(LayoutKind.Explicit, Size = 12)]
    internal struct AddressSpaceAlloc
    {
        [FieldOffset(0)]
        internal uint Size;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint Id;
    }

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    internal struct AddressSpaceRanges
    {
        [FieldOffset(0)]
        internal uint Size;

        [FieldOffset(4)]
        internal uint Id;

        [FieldOffset(8)]
        internal uint Count;

        [FieldOffset(16)]
        internal ulong Ranges;

        [FieldOffset(24)]
        internal ulong Alignment;
    }

    [StructLayout(LayoutKind.Explicit, Size = 40)]
    internal struct AddressSpaceMap
    {
        [FieldOffset(0)]
        internal uint Size;

        [FieldOffset(4)]
        internal uint Flags;

        [FieldOffset(8)]
        internal uint Id;

        [FieldOffset(16)]
        internal ulong HostAddress;

        [FieldOffset(24)]
        internal ulong Length;

        [FieldOffset(32)]
        internal ulong BusAddress;
    }

    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct AddressSpaceUnmap
    {
        [FieldOffset(0)]
        internal uint Size;

        [FieldOffset(4)]
        internal uint Id;

        [FieldOffset(8)]
        internal ulong BusAddress;

        [FieldOffset(16)]
        internal ulong Length;
    }
}
