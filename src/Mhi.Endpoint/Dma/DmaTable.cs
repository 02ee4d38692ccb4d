using System;

namespace Mhi.Endpoint.Dma;

/// <summary>
/// An immutable table of entries sorted by bus address, in chunks, so that a changed table shares all chunks but one or two
/// with the old one: an edit copies about as much as the square root of the table.
/// </summary>
/// <remarks>
/// An entry is named by its position: number of the chunk above, number in the chunk below. Positions of one table mean
/// nothing in another, but looking one up is always safe. No chunk is empty.
/// </remarks>
/// <param name="chunks">The entries.</param>
internal readonly struct DmaTable(DmaEntry[][] chunks)
{
    private const int ChunkBits = 7;
    private const int MaxChunk = 1 << ChunkBits;
    private const int SlotMask = MaxChunk - 1;

    // Below the first a chunk looks for a neighbour, and joins it if the two together stay below the second.
    private const int SmallChunk = MaxChunk / 4;
    private const int JoinedChunk = MaxChunk * 3 / 4;

    // Memory that has no bytes and allows nothing.
    private static readonly DmaEntry[] s_none = new DmaEntry[1];

    internal DmaEntry[][] Chunks => chunks;

    /// <summary>The entry at a position.</summary>
    /// <param name="position">Any number.</param>
    /// <returns>The entry; one that serves no access if there is none.</returns>
    internal ref readonly DmaEntry At(int position)
    {
        int chunk = position >> ChunkBits;
        if ((uint)chunk < (uint)chunks.Length)
        {
            DmaEntry[] entries = chunks[chunk];
            int slot = position & SlotMask;
            if ((uint)slot < (uint)entries.Length)
            {
                return ref entries[slot];
            }
        }

        return ref s_none[0];
    }

    /// <summary>The entry behind another.</summary>
    /// <param name="position">Position of an entry, or -1 for the one before the first.</param>
    /// <returns>Its position; -1 if there is none.</returns>
    internal int Next(int position)
    {
        if (position < 0)
        {
            return chunks.Length == 0 ? -1 : 0;
        }

        int chunk = position >> ChunkBits;
        if ((position & SlotMask) + 1 < chunks[chunk].Length)
        {
            return position + 1;
        }

        return chunk + 1 < chunks.Length ? (chunk + 1) << ChunkBits : -1;
    }

    /// <summary>The last entry that starts at or below an address, found at once if it is where it was before.</summary>
    /// <param name="iova">The address.</param>
    /// <param name="hint">Any number; the position where it may be.</param>
    /// <returns>Its position; -1 if there is none.</returns>
    internal int IndexOf(ulong iova, int hint)
    {
        ref readonly DmaEntry entry = ref At(hint);
        return iova >= entry.Start && iova <= entry.Last && entry.Access != DmaAccess.None ? hint : IndexOf(iova);
    }

    /// <summary>The last entry that starts at or below an address.</summary>
    /// <param name="iova">The address.</param>
    /// <returns>Its position; -1 if there is none.</returns>
    internal int IndexOf(ulong iova)
    {
        int low = 0;
        int high = chunks.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (chunks[middle][0].Start <= iova)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        if (high < 0)
        {
            return -1;
        }

        DmaEntry[] entries = chunks[high];
        int first = 0;
        int last = entries.Length - 1;
        while (first <= last)
        {
            int middle = (first + last) >> 1;
            if (entries[middle].Start <= iova)
            {
                first = middle + 1;
            }
            else
            {
                last = middle - 1;
            }
        }

        return (high << ChunkBits) | last;
    }

    /// <summary>The table with one entry more.</summary>
    /// <param name="before">Position of the entry it goes behind; -1 to go first.</param>
    /// <param name="entry">The entry; overlaps none.</param>
    /// <returns>The new table.</returns>
    internal DmaTable Insert(int before, in DmaEntry entry)
    {
        if (chunks.Length == 0)
        {
            return new DmaTable([[entry]]);
        }

        int chunk = Math.Max(before, 0) >> ChunkBits;
        int slot = before < 0 ? 0 : (before & SlotMask) + 1;
        DmaEntry[] old = chunks[chunk];
        DmaEntry[] entries = [.. old.AsSpan(0, slot), entry, .. old.AsSpan(slot)];
        return entries.Length <= MaxChunk
            ? Replace(chunk, 1, entries)
            : Replace(chunk, 1, entries[..(MaxChunk / 2)], entries[(MaxChunk / 2)..]);
    }

    /// <summary>The table without some neighbouring entries.</summary>
    /// <param name="first">Position of the first.</param>
    /// <param name="last">Position of the last; not before the first.</param>
    /// <returns>The new table.</returns>
    internal DmaTable Remove(int first, int last)
    {
        int begin = first >> ChunkBits;
        int end = last >> ChunkBits;
        ReadOnlySpan<DmaEntry> left = chunks[begin].AsSpan(0, first & SlotMask);
        ReadOnlySpan<DmaEntry> right = chunks[end].AsSpan((last & SlotMask) + 1);
        if (left.Length + right.Length > MaxChunk)
        {
            return Replace(begin, end + 1 - begin, left.ToArray(), right.ToArray());
        }

        DmaEntry[] rest = [.. left, .. right];
        if (rest.Length < SmallChunk && begin > 0 && chunks[begin - 1].Length + rest.Length <= JoinedChunk)
        {
            rest = [.. chunks[--begin], .. rest];
        }
        else if (rest.Length < SmallChunk && end + 1 < chunks.Length && chunks[end + 1].Length + rest.Length <= JoinedChunk)
        {
            rest = [.. rest, .. chunks[++end]];
        }

        return rest.Length == 0 ? Replace(begin, end + 1 - begin) : Replace(begin, end + 1 - begin, rest);
    }

    private DmaTable Replace(int first, int count, params ReadOnlySpan<DmaEntry[]> by) =>
        new([.. chunks.AsSpan(0, first), .. by, .. chunks.AsSpan(first + count)]);
}
