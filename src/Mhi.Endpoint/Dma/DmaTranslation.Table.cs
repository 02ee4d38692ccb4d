using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Interop.Memory;

namespace Mhi.Endpoint.Dma;

/// <content>Edits of the table, and the wait that makes memory safe to unmap.</content>
public sealed partial class DmaTranslation
{
    private readonly Lock _edit = new();

    // All entries, whether the device may see them or not. Under the lock.
    private DmaEntry[][] _table = [];
    private int _count;
    private bool _isOff;

    // Odd while the device is between Enter and Leave and waits for nobody. Written by the device thread only.
    private uint _period;

    // Odd while the device is between Enter and Leave, waiting or not. Written by the device thread only.
    private uint _step;

    // Faults of guarded memory the device thread knows of.
    private uint _faultsSeen = FaultGuard.Faults;

    /// <summary>Called by the device thread, after an access period in which memory of this process turned out to be gone.</summary>
    internal Action? MemoryGone { get; init; }

    /// <summary>Number of entries.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts a range into the table.</summary>
    /// <param name="iova">Bus address of its first byte.</param>
    /// <param name="memory">The memory behind it.</param>
    /// <param name="access">What the device may do with it.</param>
    /// <returns>False when the range is empty, wraps round the address space, or overlaps an entry.</returns>
    public bool TryMap(ulong iova, MemoryWindow memory, DmaAccess access) =>
        memory.Length != 0 && iova + (memory.Length - 1) >= iova && TryAdd(new DmaEntry(iova, memory, access));

    /// <summary>
    /// Takes all entries inside a range out of the table. When it returns, the device uses none of them any more.
    /// </summary>
    /// <param name="iova">First bus address.</param>
    /// <param name="length">Bytes of the range.</param>
    /// <returns>False, with nothing changed, when the range holds no entry or cuts one in two.</returns>
    public bool TryUnmap(ulong iova, ulong length) =>
        length != 0
        && iova + (length - 1) >= iova
        && TryUnmapRange(iova, iova + (length - 1), null) is > 0;

    /// <summary>
    /// Takes all entries inside a range out of the table. When it returns, the device uses none of them any more.
    /// </summary>
    /// <param name="first">First bus address.</param>
    /// <param name="last">Last bus address, not below the first.</param>
    /// <param name="removed">Receives the first bus addresses of the entries taken out; null if nobody wants them.</param>
    /// <returns>How many were taken out; -1, with nothing changed, when the range cuts an entry in two.</returns>
    internal int TryUnmapRange(ulong first, ulong last, List<ulong>? removed)
    {
        int count = 0;
        lock (_edit)
        {
            // Entries from this one up to the last that starts in the range are touched, and only the outer two can be cut.
            var table = new DmaTable(_table);
            int begin = table.IndexOf(first);
            if (begin < 0 || table.At(begin).Last < first)
            {
                begin = table.Next(begin);
            }

            int end = table.IndexOf(last);
            if (begin < 0 || end < begin)
            {
                return 0;
            }

            if (table.At(begin).Start < first || table.At(end).Last > last)
            {
                return -1;
            }

            for (int position = begin; position >= 0 && position <= end; position = table.Next(position))
            {
                removed?.Add(table.At(position).Start);
                count++;
            }

            Show(table.Remove(begin, end), _count - count);
        }

        WaitForAccesses();
        return count;
    }

    /// <summary>
    /// Hides the table from the device or shows it again. When it returns after hiding, the step of the device that was
    /// under way has ended; its remote accesses must have been made to fail before.
    /// </summary>
    /// <param name="enabled">Whether the device sees the table.</param>
    internal void SetEnabled(bool enabled)
    {
        lock (_edit)
        {
            _isOff = !enabled;
            Show(new DmaTable(_table), _count);
        }

        if (!enabled)
        {
            WaitWhile(ref _step);
        }
    }

    /// <summary>Device thread: accesses follow.</summary>
    internal void Enter()
    {
        _step++;
        Volatile.Write(ref _period, _period + 1);
    }

    /// <summary>Device thread: no access until the next <see cref="Enter"/>.</summary>
    internal void Leave()
    {
        Volatile.Write(ref _period, _period + 1);
        Volatile.Write(ref _step, _step + 1);
        if (FaultGuard.Faults != _faultsSeen)
        {
            _faultsSeen = FaultGuard.Faults;
            MemoryGone?.Invoke();
        }
    }

    /// <summary>Returns when everything the calling thread stored before is seen by every access that is still to come.</summary>
    internal void WaitForAccesses() => WaitWhile(ref _period);

    private static void WaitWhile(ref uint counter)
    {
        // The device announces its periods without a fence; this barrier stands in for it. Either its store of the odd
        // number is visible below, or its later loads see what the caller stored.
        Interlocked.MemoryBarrierProcessWide();
        uint value = Volatile.Read(ref counter);
        if ((value & 1) == 0)
        {
            return;
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref counter) == value)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    private bool TryAdd(in DmaEntry entry)
    {
        lock (_edit)
        {
            var table = new DmaTable(_table);
            int before = table.IndexOf(entry.Start);
            if (before >= 0 && table.At(before).Last >= entry.Start)
            {
                return false;
            }

            int next = table.Next(before);
            if (next >= 0 && table.At(next).Start <= entry.Last)
            {
                return false;
            }

            Show(table.Insert(before, entry), _count + 1);
            return true;
        }
    }

    // Release: the entries are written before the table can be seen. Pairs with the acquires in Visible and
    // of the first chunk; an access uses one of the two.
    private void Show(DmaTable table, int count)
    {
        _table = table.Chunks;
        DmaEntry[][] chunks = _isOff ? [] : table.Chunks;
        Volatile.Write(ref _entries, chunks);
        Volatile.Write(ref _first, chunks.Length == 0 ? [] : chunks[0]);
        Volatile.Write(ref _count, count);
    }

    private void Pause() => Volatile.Write(ref _period, _period + 1);

    private void Resume() => Volatile.Write(ref _period, _period + 1);
}
