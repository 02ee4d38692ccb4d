using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Mhi.Interop.Vfio;

namespace Mhi.Pci;

/// <summary>
/// Hands out bus addresses. They have nothing in common with host addresses, and regions never touch, so a driver that
/// mixes the two up, or runs over the end of a region, meets an unmapped address. Address 0 is never handed out.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
public sealed class IovaSpace
{
    private const ulong Gap = 0x1_0000;

    // Firmware, and devices that were not told better, like to find something of their own below this.
    private const ulong LowestForHardware = 0x10_0000;

    // Where x86 takes a write for an interrupt. A kernel that lists what is allowed leaves it out by itself.
    private static readonly IovaRange s_interruptWindow = new(0xfee0_0000, 0xfeef_ffff);

    private readonly List<(ulong Start, ulong Length)> _regions = [];
    private readonly ImmutableArray<IovaRange> _windows;
    private ulong _cursor;

    /// <summary>Creates an empty space for a device that is software: everything within its width is allowed.</summary>
    /// <param name="addressBits">Width of a bus address, 20 to 64.</param>
    public IovaSpace(int addressBits)
    {
        _windows = [new IovaRange(0, LastOf(addressBits))];
    }

    /// <summary>Creates an empty space for a device behind an IOMMU.</summary>
    /// <param name="addressBits">Width of a bus address, 20 to 64.</param>
    /// <param name="allowed">What the IOMMU translates, ascending; empty when it does not say.</param>
    public IovaSpace(int addressBits, ImmutableArray<IovaRange> allowed)
    {
        ulong last = LastOf(addressBits);
        var windows = ImmutableArray.CreateBuilder<IovaRange>();
        foreach (IovaRange range in allowed.IsDefaultOrEmpty ? [new IovaRange(0, ulong.MaxValue)] : allowed)
        {
            AddWindow(windows, range.Start, Math.Min(range.Last, s_interruptWindow.Start - 1), last);
            AddWindow(windows, Math.Max(range.Start, s_interruptWindow.Last + 1), range.Last, last);
        }

        _windows = windows.ToImmutable();
    }

    /// <summary>What can be handed out, ascending.</summary>
    public ImmutableArray<IovaRange> Windows => _windows;

    /// <summary>Takes a free range.</summary>
    /// <remarks>Addresses given back are the last to be used again, so that a stale one is met unmapped for long.</remarks>
    /// <param name="length">Bytes.</param>
    /// <param name="alignment">Alignment, a power of two.</param>
    /// <param name="start">Its first address.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryTake(ulong length, ulong alignment, out ulong start)
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
    public void Return(ulong start) => _regions.RemoveAll(region => region.Start == start);

    private static ulong LastOf(int addressBits) => addressBits >= 64 ? ulong.MaxValue : (1UL << addressBits) - 1;

    private static void AddWindow(ImmutableArray<IovaRange>.Builder windows, ulong start, ulong last, ulong lastOfDevice)
    {
        start = Math.Max(start, LowestForHardware);
        last = Math.Min(last, lastOfDevice);
        if (start < last)
        {
            windows.Add(new IovaRange(start, last));
        }
    }

    private bool TryTake(ulong from, ulong length, ulong alignment, out ulong start)
    {
        foreach (IovaRange window in _windows)
        {
            if (from <= window.Last && TryTake(Math.Max(from, window.Start), window.Last, length, alignment, out start))
            {
                return true;
            }
        }

        start = 0;
        return false;
    }

    private bool TryTake(ulong from, ulong last, ulong length, ulong alignment, out ulong start)
    {
        // One byte short at the end of 64 bits, where the sum would not fit.
        ulong end = last == ulong.MaxValue ? last : last + 1;
        ulong previousEnd = from;
        for (int i = 0; i <= _regions.Count; i++)
        {
            ulong limit = i < _regions.Count ? Math.Min(_regions[i].Start - Gap, end) : end;
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
