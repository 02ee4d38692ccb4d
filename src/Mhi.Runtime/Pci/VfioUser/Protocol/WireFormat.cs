using System;
using System.Buffers.Binary;

namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>What stands in the payloads: lengths, flags, indexes. Numbers are little-endian and aligned.</summary>
internal static class WireFormat
{
    // DEVICE_GET_INFO: argsz, flags, regions, kinds of interrupts.
    internal const int DeviceInfoLength = 16;
    internal const uint DeviceHasReset = 1;
    internal const uint DeviceIsPci = 2;

    // DEVICE_GET_REGION_INFO: argsz, flags, index, capabilities at, size, offset into the descriptor.
    internal const int RegionInfoLength = 32;
    internal const uint RegionReadable = 1;
    internal const uint RegionWritable = 2;
    internal const uint RegionMappable = 4;
    internal const uint RegionHasCapabilities = 8;
    internal const uint BarRegion = 0;
    internal const uint ConfigRegion = 7;

    // A capability: id, version, place of the next. Of sparse mappings: areas, 0, then offset and size of each.
    internal const int CapabilityHeaderLength = 8;
    internal const ushort SparseMappings = 1;
    internal const int SparseHeaderLength = 16;
    internal const int SparseAreaLength = 16;

    // REGION_READ, REGION_WRITE: offset, region, count. DMA_READ, DMA_WRITE: address, count.
    internal const int AccessLength = 16;

    // DEVICE_GET_IRQ_INFO: argsz, flags, index, count.
    internal const int InterruptInfoLength = 16;
    internal const uint EventDescriptors = 1;
    internal const int MsiKind = 1;
    internal const int MsiXKind = 2;
    internal const int ErrorKind = 3;
    internal const int RequestKind = 4;

    // DEVICE_SET_IRQS: argsz, flags, index, start, count.
    internal const int SetInterruptsLength = 20;
    internal const uint DataNone = 1;
    internal const uint DataBool = 2;
    internal const uint DataEvents = 4;
    internal const uint ActionTrigger = 0x20;

    // DMA_MAP: argsz, flags, offset into the descriptor, address, size. DMA_UNMAP: argsz, flags, address, size.
    internal const int MapLength = 32;
    internal const uint DeviceMayRead = 1;
    internal const uint DeviceMayWrite = 2;
    internal const int UnmapLength = 24;
    internal const uint UnmapAll = 2;

    internal static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    internal static ulong Long(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    internal static void PutWord(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    internal static void PutLong(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
}
