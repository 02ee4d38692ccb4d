using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Interop.Memory;

namespace Mhi.Endpoint.Dma;

/// <content>Edits of the table, and the wait that makes memory safe to unmap.</content>
public sealed partial class DmaTranslation
{
    private readonly Lock _edit = new();

    // Odd while the device is between Enter and Leave. Written by the device thread only.
    private uint _period;

    /// <summary>Number of entries.</summary>
    public int Count => Volatile.Read(ref _entries).Length;

    /// <summary>Puts a range into the table.</summary>
    /// <param name="iova">Bus address of its first byte.</param>
    /// <param name="memory">The memory behind it.</param>
    /// <param name="access">What the device may do with it.</param>
    /// <returns>False when the range is empty, wraps round the address space, or overlaps an entry.</returns>
    public bool TryMap(ulong iova, MemoryWindow memory, DmaAccess access)
    {
        if (memory.Length == 0 || iova + (memory.Length - 1) < iova)
        {
            return false;
        }

        var entry = new DmaEntry(iova, memory, access);
        lock (_edit)
        {
            int before = IndexOf(_entries, iova);
            if (before >= 0 && _entries[before].Last >= iova)
            {
                return false;
            }

            if (before + 1 < _entries.Length && _entries[before + 1].Start <= entry.Last)
            {
                return false;
            }

            var entries = new DmaEntry[_entries.Length + 1];
            _entries.AsSpan(0, before + 1).CopyTo(entries);
            entries[before + 1] = entry;
            _entries.AsSpan(before + 1).CopyTo(entries.AsSpan(before + 2));

            // Release: the entries are written before the table can be seen. Pairs with the acquire in TryFind.
            Volatile.Write(ref _entries, entries);
            return true;
        }
    }

    /// <summary>
    /// Takes all entries inside a range out of the table. When it returns, the device uses none of them any more.
    /// </summary>
    /// <param name="iova">First bus address.</param>
    /// <param name="length">Bytes of the range.</param>
    /// <returns>False, with nothing changed, when the range holds no entry or cuts one in two.</returns>
    public bool TryUnmap(ulong iova, ulong length)
    {
        if (length == 0 || iova + (length - 1) < iova)
        {
            return false;
        }

        ulong last = iova + (length - 1);
        lock (_edit)
        {
            var kept = new List<DmaEntry>(_entries.Length);
            foreach (DmaEntry entry in _entries)
            {
                if (entry.Start > last || entry.Last < iova)
                {
                    kept.Add(entry);
                }
                else if (entry.Start < iova || entry.Last > last)
                {
                    return false;
                }
            }

            if (kept.Count == _entries.Length)
            {
                return false;
            }

            Volatile.Write(ref _entries, [.. kept]);
        }

        WaitForAccesses();
        return true;
    }

    /// <summary>Device thread: accesses follow.</summary>
    internal void Enter() => Volatile.Write(ref _period, _period + 1);

    /// <summary>Device thread: no access until the next <see cref="Enter"/>.</summary>
    internal void Leave() => Volatile.Write(ref _period, _period + 1);

    /// <summary>Returns when everything the calling thread stored before is seen by every access that is still to come.</summary>
    internal void WaitForAccesses()
    {
        // The device announces its periods without a fence; this barrier stands in for it. Either its store of the odd
        // number is visible below, or its later loads see what the caller stored.
        Interlocked.MemoryBarrierProcessWide();
        uint period = Volatile.Read(ref _period);
        if ((period & 1) == 0)
        {
            return;
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _period) == period)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
