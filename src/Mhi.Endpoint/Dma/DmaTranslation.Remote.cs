using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mhi.Endpoint.Dma;

/// <content>Ranges that are not mapped here: their owner is asked.</content>
public sealed partial class DmaTranslation
{
    /// <summary>Creates an empty table whose ranges are all mapped memory.</summary>
    public DmaTranslation()
    {
    }

    /// <summary>Creates an empty table that may have remote ranges.</summary>
    /// <param name="remote">Who is asked for them.</param>
    internal DmaTranslation(IRemoteMemory remote)
    {
        _remote = remote;
    }

    /// <summary>Puts a remote range into the table.</summary>
    /// <param name="iova">Bus address of its first byte.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="access">What the device may do with it.</param>
    /// <returns>False when the range is empty, wraps round the address space, or overlaps an entry.</returns>
    /// <exception cref="InvalidOperationException">The table was made without remote memory.</exception>
    internal bool TryMapRemote(ulong iova, ulong length, DmaAccess access)
    {
        if (_remote is null)
        {
            throw new InvalidOperationException("This table was made for mapped memory only.");
        }

        return length != 0 && iova + (length - 1) >= iova && TryAdd(new DmaEntry(iova, iova + (length - 1), access));
    }

    // Out of the access period while the owner is asked: whoever takes an entry out need not wait for its answer.
    private bool TryReadRemote(ulong iova, Span<byte> destination)
    {
        Pause();
        try
        {
            return _remote!.TryRead(iova, destination);
        }
        finally
        {
            Resume();
        }
    }

    private bool TryWriteRemote(ulong iova, ReadOnlySpan<byte> source)
    {
        Pause();
        try
        {
            return _remote!.TryWrite(iova, source);
        }
        finally
        {
            Resume();
        }
    }

    // The owner's answer orders like a lock, so a word of a remote range needs no ordering of its own.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadWordSlow(ulong iova, out uint value)
    {
        value = 0;
        if (IsRemoteWord(iova, DmaAccess.Read)
            && TryReadRemote(iova, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1))))
        {
            return true;
        }

        _refusedReads++;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteWordSlow(ulong iova, uint value)
    {
        if (IsRemoteWord(iova, DmaAccess.Write)
            && TryWriteRemote(iova, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1))))
        {
            return true;
        }

        _refusedWrites++;
        return false;
    }

    private bool IsRemoteWord(ulong iova, DmaAccess access)
    {
        DmaTable table = Visible;
        ref readonly DmaEntry entry = ref table.At(table.IndexOf(iova));
        return (iova & (sizeof(uint) - 1)) == 0
            && entry.IsRemote
            && (entry.Access & access) != 0
            && iova <= entry.Last
            && entry.Last - iova >= sizeof(uint) - 1;
    }
}
