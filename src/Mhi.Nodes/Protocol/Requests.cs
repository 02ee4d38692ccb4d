using System.Runtime.InteropServices;

namespace Mhi.Nodes.Protocol;

/// <summary>What every request begins with: 40 bytes, host byte order like everything in this protocol.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RequestHeader
{
    internal uint Length;
    internal Opcode Opcode;
    internal ulong Unique;
    internal ulong NodeId;
    internal uint UserId;
    internal uint GroupId;
    internal uint ProcessId;
    internal ushort ExtensionLength;
    internal ushort Padding;
}

/// <summary>INIT: 64 bytes, of which old kernels send fewer; the first 16 always come.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InitRequest
{
    internal uint Major;
    internal uint Minor;
    internal uint MaxReadahead;
    internal uint Flags;
}

/// <summary>CUSE_INIT: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CuseInitRequest
{
    internal uint Major;
    internal uint Minor;
    internal uint Unused;
    internal uint Flags;
}

/// <summary>GETATTR: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GetAttributesRequest
{
    internal uint Flags;
    internal uint Padding;
    internal ulong Handle;
}

/// <summary>SETATTR: 88 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
internal struct SetAttributesRequest
{
    internal const uint ValidMode = 1;
    internal const uint ValidUser = 2;
    internal const uint ValidGroup = 4;

    [FieldOffset(0)]
    internal uint Valid;

    [FieldOffset(68)]
    internal uint Mode;

    [FieldOffset(76)]
    internal uint UserId;

    [FieldOffset(80)]
    internal uint GroupId;
}

/// <summary>OPEN and OPENDIR: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenRequest
{
    internal uint Flags;
    internal uint OpenFlags;
}

/// <summary>READ, READDIR and, with its data behind it, WRITE: 40 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TransferRequest
{
    /// <summary>Whether <see cref="LockOwner"/> is given: by every read(2), and by none that fills the page cache.</summary>
    internal const uint LockOwnerGiven = 2;

    internal ulong Handle;
    internal ulong Offset;
    internal uint Size;
    internal uint TransferFlags;
    internal ulong LockOwner;
    internal uint Flags;
    internal uint Padding;
}

/// <summary>RELEASE and RELEASEDIR: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ReleaseRequest
{
    internal ulong Handle;
    internal uint Flags;
    internal uint ReleaseFlags;
    internal ulong LockOwner;
}

/// <summary>INTERRUPT: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterruptRequest
{
    internal ulong Unique;
}

/// <summary>IOCTL: 32 bytes, its data behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoctlRequest
{
    internal const uint Unrestricted = 2;

    internal ulong Handle;
    internal uint Flags;
    internal uint Command;
    internal ulong Argument;
    internal uint InSize;
    internal uint OutSize;
}

/// <summary>POLL: 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollRequest
{
    internal const uint ScheduleNotify = 1;

    internal ulong Handle;
    internal ulong KernelHandle;
    internal uint Flags;
    internal uint Events;
}
