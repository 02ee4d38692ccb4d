using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mhi.Nodes.Protocol;

/// <summary>Sizes of the protocol, and structures in and out of bytes.</summary>
internal static class Wire
{
    internal const uint Major = 7;

    /// <summary>The newest minor version whose messages this server was written for.</summary>
    internal const uint Minor = 45;

    /// <summary>Linux 5.4: streams without a position, which this server depends on, are older than that.</summary>
    internal const uint OldestMinor = 31;

    /// <summary>Linux 6.2: a write does not keep those of others out while it waits for its answer.</summary>
    internal const uint ParallelWritesMinor = 38;

    internal const uint OldestCuseMinor = 11;

    internal const int RequestHeaderLength = 40;
    internal const int ReplyHeaderLength = 16;
    internal const int TransferLength = 40;

    /// <summary>Room the kernel demands in front of the data of a WRITE, rounded up to a page.</summary>
    internal const int RequestOverhead = 4096;

    internal const int SmallestBuffer = 8192;
    internal const int MaxFuseTransfer = 1 << 20;
    internal const int MaxFusePages = 256;

    /// <summary>A CUSE request has 32 pages of 4 KiB, whatever is negotiated.</summary>
    internal const int MaxCuseTransfer = 128 << 10;

    internal const uint AccessModeMask = 3;
    internal const uint OpenNonBlocking = 0x800;

    internal const uint FileTypeMask = 0xf000;
    internal const uint DirectoryType = 0x4000;
    internal const uint RegularType = 0x8000;
    internal const uint PermissionMask = 0xfff;

    internal const ulong RootNode = 1;

    /// <summary>
    /// The size that nodes report. A write beyond the size holds the kernel's lock of the file until it is answered, and a
    /// second writer then hangs where no signal reaches it; no write of a stream comes to the end of this.
    /// </summary>
    internal const ulong ReportedSize = 1UL << 40;

    /// <summary>Reads a structure.</summary>
    /// <typeparam name="T">A structure of the protocol.</typeparam>
    /// <param name="bytes">What the kernel sent, perhaps too little.</param>
    /// <param name="value">The structure.</param>
    /// <returns>False when there are too few bytes.</returns>
    internal static bool TryRead<T>(ReadOnlySpan<byte> bytes, out T value)
        where T : unmanaged => MemoryMarshal.TryRead(bytes, out value);

    /// <summary>The bytes of a structure.</summary>
    /// <typeparam name="T">A structure of the protocol.</typeparam>
    /// <param name="value">The structure.</param>
    /// <returns>Its memory.</returns>
    internal static ReadOnlySpan<byte> Bytes<T>(ref readonly T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    /// <summary>Writes the head of a reply.</summary>
    /// <param name="destination">Receives 16 bytes.</param>
    /// <param name="unique">Number of the request.</param>
    /// <param name="error">0 or a negative error number.</param>
    /// <param name="bodyLength">Bytes that follow.</param>
    internal static void WriteHeader(Span<byte> destination, ulong unique, int error, int bodyLength) =>
        MemoryMarshal.Write(
            destination,
            new ReplyHeader { Length = (uint)(ReplyHeaderLength + bodyLength), Error = error, Unique = unique });

    /// <summary>Length of a structure.</summary>
    /// <typeparam name="T">A structure of the protocol.</typeparam>
    /// <returns>Its bytes.</returns>
    internal static int SizeOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();
}
