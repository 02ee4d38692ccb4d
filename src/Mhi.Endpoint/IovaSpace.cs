using System;
using System.Collections.Generic;

namespace Mhi.Endpoint;

/// <summary>
/// Hands out bus addresses. They have nothing in common with host addresses, and regions never touch, so a driver that
/// mixes the two up, or runs over the end of a region, meets an unmapped address.
/// </summary>
internal sealed class IovaSpace
{
    private const ulong Gap = 0x1_0000;

    private readonly List<(ulong Start, ulong Length)> _regions = [];
    private readonly ulong _end;
    private ulong _cursor;

    /// <summary>Creates an empty space.</summary>
    /// <param name="addressBits">Width of a bus address, 20 to 64.</param>
    internal IovaSpace(int addressBits)
    {
        // One byte short at 64 bits, where the sum would not fit.
        _end = addressBits >= 64 ? ulong.MaxValue : 1UL << addressBits;
    }

    /// <summary>Takes a free range.</summary>
    /// <remarks>Addresses given back are the last to be used again, so that a stale one is met unmapped for long.</remarks>
    /// <param name="length">Bytes.</param>
    /// <param name="alignment">Alignment, a power of two.</param>
    /// <param name="start">Its first address.</param>
    /// <returns>Whether there is one.</returns>
    internal bool TryTake(ulong length, ulong alignment, out ulong start)
    {
        if (!TryTake(_cursor, length, alignment, out start) && !TryTake(0, length, alignment, out start))
        {
            return false;
        }

        _cursor = start + length;
        return true;
    }

    /// <summary>Gives a range back.</summary>
    /// <param name="start">Its first address.</param>
    internal void Return(ulong start) => _regions.RemoveAll(region => region.Start == start);

    private bool TryTake(ulong from, ulong length, ulong alignment, out ulong start)
    {
        ulong previousEnd = from;
        for (int i = 0; i <= _regions.Count; i++)
        {
            ulong limit = i < _regions.Count ? _regions[i].Start - Gap : _end;
            start = (previousEnd + Gap + alignment - 1) & ~(alignment - 1);
            if (start > previousEnd && start <= limit && length <= limit - start)
            {
                _regions.Insert(i, (start, length));
                return true;
            }

            if (i < _regions.Count)
            {
                previousEnd = Math.Max(from, _regions[i].Start + _regions[i].Length);
            }
        }

        start = 0;
        return false;
    }
}
