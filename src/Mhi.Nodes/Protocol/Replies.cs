using System.Runtime.InteropServices;

namespace Mhi.Nodes.Protocol;

/// <summary>What every reply begins with: 16 bytes. A body follows only without an error.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ReplyHeader
{
    internal uint Length;

    /// <summary>0, a negative error number, or in a notification (unique 0) its code.</summary>
    internal int Error;

    internal ulong Unique;
}

/// <summary>INIT: 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct InitReply
{
    internal const uint AtomicTruncate = 1 << 3;
    internal const uint BigWrites = 1 << 5;
    internal const uint AbortError = 1 << 21;
    internal const uint MaxPagesGiven = 1 << 22;

    [FieldOffset(0)]
    internal uint Major;

    [FieldOffset(4)]
    internal uint Minor;

    [FieldOffset(8)]
    internal uint MaxReadahead;

    [FieldOffset(12)]
    internal uint Flags;

    [FieldOffset(16)]
    internal ushort MaxBackground;

    [FieldOffset(18)]
    internal ushort CongestionThreshold;

    [FieldOffset(20)]
    internal uint MaxWrite;

    [FieldOffset(24)]
    internal uint TimeGranularity;

    [FieldOffset(28)]
    internal ushort MaxPages;
}

/// <summary>CUSE_INIT: 72 bytes, the description of the device behind it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct CuseInitReply
{
    internal const uint UnrestrictedIoctl = 1;

    [FieldOffset(0)]
    internal uint Major;

    [FieldOffset(4)]
    internal uint Minor;

    [FieldOffset(12)]
    internal uint Flags;

    [FieldOffset(16)]
    internal uint MaxRead;

    [FieldOffset(20)]
    internal uint MaxWrite;

    [FieldOffset(24)]
    internal uint DeviceMajor;

    [FieldOffset(28)]
    internal uint DeviceMinor;
}

/// <summary>The attributes of a file: 88 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
internal struct Attributes
{
    [FieldOffset(0)]
    internal ulong Inode;

    [FieldOffset(8)]
    internal ulong Size;

    [FieldOffset(60)]
    internal uint Mode;

    [FieldOffset(64)]
    internal uint Links;

    [FieldOffset(68)]
    internal uint UserId;

    [FieldOffset(72)]
    internal uint GroupId;

    [FieldOffset(80)]
    internal uint BlockSize;
}

/// <summary>LOOKUP: 128 bytes. Validity times of zero make the kernel ask every time.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct EntryReply
{
    [FieldOffset(0)]
    internal ulong NodeId;

    [FieldOffset(40)]
    internal Attributes Attributes;
}

/// <summary>GETATTR and SETATTR: 104 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal struct AttributesReply
{
    [FieldOffset(16)]
    internal Attributes Attributes;
}

/// <summary>OPEN and OPENDIR: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenReply
{
    internal const uint DirectIo = 0x1;
    internal const uint Stream = 0x10;
    internal const uint NoFlush = 0x20;
    internal const uint ParallelDirectWrites = 0x40;

    internal ulong Handle;
    internal uint OpenFlags;
    internal uint BackingId;
}

/// <summary>WRITE: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WriteReply
{
    internal uint Size;
    internal uint Padding;
}

/// <summary>STATFS: 80 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct StatFileSystemReply
{
    [FieldOffset(40)]
    internal uint BlockSize;

    [FieldOffset(44)]
    internal uint NameLength;

    [FieldOffset(48)]
    internal uint FragmentSize;
}

/// <summary>IOCTL: 16 bytes, data or the addresses to fetch behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoctlReply
{
    internal const uint Retry = 4;

    internal int Result;
    internal uint Flags;
    internal uint InVectors;
    internal uint OutVectors;
}

/// <summary>A piece of the caller's memory in an <see cref="IoctlReply"/> that asks for a retry: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoctlVector
{
    internal ulong Base;
    internal ulong Length;
}

/// <summary>POLL: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollReply
{
    internal uint Events;
    internal uint Padding;
}

/// <summary>The notification that wakes those who poll a file: 24 bytes in all.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollNotification
{
    internal const int Code = 1;

    internal ReplyHeader Header;
    internal ulong KernelHandle;
}

/// <summary>READDIR: the head of an entry, 24 bytes; its name follows, padded to a multiple of 8.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DirectoryEntry
{
    internal const uint Directory = 4;
    internal const uint RegularFile = 8;

    internal ulong Inode;
    internal ulong NextOffset;
    internal uint NameLength;
    internal uint Type;
}
