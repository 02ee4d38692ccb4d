using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Interop.Memory;
using Mhi.Protocol;

namespace Mhi.Endpoint.Dma;

/// <summary>
/// What an IOMMU is to a real device: the only way from a bus address to memory. Addresses that are not mapped, or not for
/// this kind of access, are refused and counted.
/// </summary>
/// <remarks>
/// <para>Accesses are copies, so memory need not be mapped in one piece, and none is left in the device's hands. One device
/// thread accesses; any thread edits the table. An edit builds a new table (<see cref="DmaTable"/>) and replaces the old one with a single store, so
/// an access sees the table before or after it, never half of it.</para>
/// <para>Accesses belong between <see cref="Enter"/> and <see cref="Leave"/>, where the table's memory cannot disappear:
/// taking an entry out waits until an access period that may still use it has ended.</para>
/// <para>A range may also be remote: its owner is asked for every access. The device thread is not in an access period while
/// it waits for the answer, so that the table can be edited meanwhile, and looks at the table anew afterwards.</para>
/// <para>A caller that goes back to the same place, a ring or a context, keeps a hint: the position of the entry that served
/// it last. A wrong hint costs a search, nothing else.</para>
/// </remarks>
public sealed partial class DmaTranslation
{
    // What the device sees: the table, or nothing while access is switched off.
    private DmaEntry[][] _entries = [];

    // The first chunk of it once more: most tables are no larger, and a hint into it is served without a detour.
    private DmaEntry[] _first = [];
    private readonly IRemoteMemory? _remote;
    private long _refusedReads;
    private long _refusedWrites;

    /// <summary>Reads refused so far.</summary>
    public long RefusedReads => Volatile.Read(ref _refusedReads);

    /// <summary>Writes refused so far.</summary>
    public long RefusedWrites => Volatile.Read(ref _refusedWrites);

    /// <summary>Copies out of host memory.</summary>
    /// <param name="iova">Bus address of the first byte; any number.</param>
    /// <param name="destination">Where to; unspecified on refusal.</param>
    /// <returns>Whether all bytes are mapped for reading.</returns>
    public bool TryRead(ulong iova, Span<byte> destination)
    {
        int hint = 0;
        return TryRead(iova, destination, ref hint);
    }

    /// <summary>Copies into host memory.</summary>
    /// <param name="iova">Bus address of the first byte; any number.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>Whether all bytes are mapped for writing; otherwise none was written, unless a remote range refused its part.</returns>
    public bool TryWrite(ulong iova, ReadOnlySpan<byte> source)
    {
        int hint = 0;
        return TryWrite(iova, source, ref hint);
    }

    /// <summary>Copies out of host memory.</summary>
    /// <param name="iova">Bus address of the first byte; any number.</param>
    /// <param name="destination">Where to; unspecified on refusal.</param>
    /// <param name="hint">Kept by the caller for the place it reads.</param>
    /// <returns>Whether all bytes are mapped for reading.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryRead(ulong iova, Span<byte> destination, ref int hint)
    {
        if (TryFind(hint, iova, destination.Length, DmaAccess.Read, out Span<byte> bytes))
        {
            bytes.CopyTo(destination);
            return true;
        }

        return ReadSlow(iova, destination, ref hint);
    }

    /// <summary>Copies into host memory.</summary>
    /// <param name="iova">Bus address of the first byte; any number.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="hint">Kept by the caller for the place it writes.</param>
    /// <returns>Whether all bytes are mapped for writing; otherwise none was written, unless a remote range refused its part.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryWrite(ulong iova, ReadOnlySpan<byte> source, ref int hint)
    {
        if (TryFind(hint, iova, source.Length, DmaAccess.Write, out Span<byte> bytes))
        {
            source.CopyTo(bytes);
            return true;
        }

        return WriteSlow(iova, source, ref hint);
    }

    /// <summary>Copies one ring element out of host memory, if that goes without a search.</summary>
    /// <param name="iova">Its bus address.</param>
    /// <param name="element">The private copy.</param>
    /// <param name="hint">Kept by the caller for the ring.</param>
    /// <returns>False when the entry of the hint does not serve it; another access finds out why.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadElement(ulong iova, out RingElement element, int hint)
    {
        if (TryFind(hint, iova, RingElement.Length, DmaAccess.Read, out Span<byte> bytes))
        {
            element = MemoryMarshal.Read<RingElement>(bytes);
            return true;
        }

        element = default;
        return false;
    }

    /// <summary>Loads an aligned 32-bit word; no later access of this thread moves before it.</summary>
    /// <param name="iova">Its bus address.</param>
    /// <param name="value">The word.</param>
    /// <param name="hint">Kept by the caller for the place.</param>
    /// <returns>Whether it is mapped for reading in one piece, and aligned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadWord(ulong iova, out uint value, ref int hint)
    {
        if (TryFindWord(iova, DmaAccess.Read, ref hint, out SharedWord word))
        {
            value = word.ReadAcquire();
            return true;
        }

        return ReadWordSlow(iova, out value);
    }

    /// <summary>Stores an aligned 32-bit word; no earlier access of this thread moves behind it.</summary>
    /// <param name="iova">Its bus address.</param>
    /// <param name="value">The word.</param>
    /// <param name="hint">Kept by the caller for the place.</param>
    /// <returns>Whether it is mapped for writing in one piece, and aligned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryWriteWord(ulong iova, uint value, ref int hint)
    {
        if (TryFindWord(iova, DmaAccess.Write, ref hint, out SharedWord word))
        {
            word.WriteRelease(value);
            return true;
        }

        return WriteWordSlow(iova, value);
    }

    // Acquire: pairs with the release in Show.
    private DmaTable Visible => new(Volatile.Read(ref _entries));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFind(int hint, ulong iova, int length, DmaAccess access, out Span<byte> bytes)
    {
        DmaEntry[] entries = Volatile.Read(ref _first);
        if ((uint)hint < (uint)entries.Length)
        {
            // An address below the entry wraps to an offset beyond any mapping.
            ref readonly DmaEntry entry = ref entries[hint];
            return entry.Memory.TrySlice(iova - entry.Start, length, out bytes) && (entry.Access & access) != 0;
        }

        bytes = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFindWord(ulong iova, DmaAccess access, ref int hint, out SharedWord word)
    {
        DmaEntry[] entries = Volatile.Read(ref _first);
        if ((uint)hint < (uint)entries.Length)
        {
            ref readonly DmaEntry entry = ref entries[hint];
            if (entry.Memory.TryWord(iova - entry.Start, out word) && (entry.Access & access) != 0)
            {
                return true;
            }
        }

        return FindWordSlow(iova, access, ref hint, out word);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FindWordSlow(ulong iova, DmaAccess access, ref int hint, out SharedWord word)
    {
        DmaTable table = Visible;
        int position = table.IndexOf(iova, hint);
        ref readonly DmaEntry entry = ref table.At(position);
        if (entry.Memory.TryWord(iova - entry.Start, out word))
        {
            hint = position;
            return (entry.Access & access) != 0;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadSlow(ulong iova, Span<byte> destination, ref int hint)
    {
        DmaTable table = Visible;
        int position = table.IndexOf(iova, hint);
        hint = Math.Max(position, 0);
        while (Covers(table, position, iova, (uint)destination.Length, DmaAccess.Read))
        {
            for (; !destination.IsEmpty && !table.At(position).IsRemote; position = table.Next(position))
            {
                Span<byte> piece = PieceOf(in table.At(position), iova, destination.Length);
                piece.CopyTo(destination);
                destination = destination[piece.Length..];
                iova += (uint)piece.Length;
            }

            if (destination.IsEmpty)
            {
                return true;
            }

            int length = LengthOf(in table.At(position), iova, destination.Length);
            if (!TryReadRemote(iova, destination[..length]))
            {
                break;
            }

            destination = destination[length..];
            iova += (uint)length;
            table = Visible;
            position = table.IndexOf(iova);
        }

        _refusedReads++;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteSlow(ulong iova, ReadOnlySpan<byte> source, ref int hint)
    {
        DmaTable table = Visible;
        int position = table.IndexOf(iova, hint);
        hint = Math.Max(position, 0);
        while (Covers(table, position, iova, (uint)source.Length, DmaAccess.Write))
        {
            for (; !source.IsEmpty && !table.At(position).IsRemote; position = table.Next(position))
            {
                Span<byte> piece = PieceOf(in table.At(position), iova, source.Length);
                source[..piece.Length].CopyTo(piece);
                source = source[piece.Length..];
                iova += (uint)piece.Length;
            }

            if (source.IsEmpty)
            {
                return true;
            }

            int length = LengthOf(in table.At(position), iova, source.Length);
            if (!TryWriteRemote(iova, source[..length]))
            {
                break;
            }

            source = source[length..];
            iova += (uint)length;
            table = Visible;
            position = table.IndexOf(iova);
        }

        _refusedWrites++;
        return false;
    }

    // Whether the bytes are covered without a hole by entries from this one on. Nothing to move is nothing to refuse.
    private static bool Covers(DmaTable table, int first, ulong iova, uint length, DmaAccess access)
    {
        if (length == 0)
        {
            return true;
        }

        ulong last = iova + (length - 1);
        if (first < 0 || last < iova || iova > table.At(first).Last)
        {
            return false;
        }

        for (int position = first; ;)
        {
            ref readonly DmaEntry entry = ref table.At(position);
            if ((entry.Access & access) == 0)
            {
                return false;
            }

            if (last <= entry.Last)
            {
                return true;
            }

            // Not the last address there is, because the range goes on behind it.
            position = table.Next(position);
            if (position < 0 || table.At(position).Start != entry.Last + 1)
            {
                return false;
            }
        }
    }

    // At most what is wanted: the rest of the entry less one cannot overflow, its length can.
    private static int LengthOf(in DmaEntry entry, ulong iova, int wanted) =>
        (int)(Math.Min(entry.Last - iova, (uint)wanted - 1) + 1);

    private static Span<byte> PieceOf(in DmaEntry entry, ulong iova, int wanted)
    {
        _ = entry.Memory.TrySlice(iova - entry.Start, LengthOf(in entry, iova, wanted), out Span<byte> bytes);
        return bytes;
    }
}
