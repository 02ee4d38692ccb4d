using System;
using System.Numerics;

namespace Mhi.Nodes.Server;

/// <summary>A READ or WRITE that waits for its answer. Used again by its queue; all fields under the node's lock.</summary>
internal sealed class ParkedRequest
{
    /// <summary>Sizes of memory that there are: 4 KiB and its doubles, up to the longest write.</summary>
    internal const int Sizes = 9;

    private const int SmallestSize = 4096;

    internal ulong Unique;
    internal OpenFile? File;

    /// <summary>Environment.TickCount64 when it was parked.</summary>
    internal long Since;

    /// <summary>READ: bytes that the program's buffer holds.</summary>
    internal int Size;

    /// <summary>WRITE: bytes in <see cref="Data"/>.</summary>
    internal int Kept;

    /// <summary>WRITE: bytes of <see cref="Data"/> that have been sent.</summary>
    internal int Sent;

    /// <summary>WRITE: bytes sent before it was parked.</summary>
    internal int SentBefore;

    internal byte[] Data = [];
    internal ParkedRequest? Previous;
    internal ParkedRequest? Next;

    /// <summary>What is left to be sent.</summary>
    internal ReadOnlySpan<byte> Rest => Data.AsSpan(Sent, Kept - Sent);

    /// <summary>Which size of memory so many bytes need.</summary>
    /// <param name="length">0 to 1 MiB.</param>
    /// <returns>0 to <see cref="Sizes"/> - 1.</returns>
    internal static int SizeOf(int length) =>
        length <= SmallestSize ? 0 : BitOperations.Log2((uint)length - 1) - BitOperations.Log2((uint)SmallestSize - 1);

    /// <summary>How much memory so many bytes take when they are kept.</summary>
    /// <param name="length">1 to 1 MiB.</param>
    /// <returns>Bytes.</returns>
    internal static int MemoryOf(int length) => SmallestSize << SizeOf(length);

    /// <summary>Keeps the data of a WRITE: the request's buffer goes on to the next request.</summary>
    /// <param name="data">The bytes.</param>
    internal void Keep(ReadOnlySpan<byte> data)
    {
        if (Data.Length < data.Length)
        {
            Data = GC.AllocateUninitializedArray<byte>(MemoryOf(data.Length));
        }

        data.CopyTo(Data);
        Kept = data.Length;
        Sent = 0;
    }
}
