using System;
using System.Collections.Generic;
using System.Threading;

namespace Mhi.Nodes.Server;

/// <summary>
/// The files that are open, by the number the kernel was given: a slot and a generation, so that a stale number finds
/// nothing. Any thread.
/// </summary>
internal sealed class OpenFileTable
{
    private const int FirstSize = 16;

    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private OpenFile?[] _slots = new OpenFile?[FirstSize];
    private int _used;
    private int _count;
    private uint _generation;

    /// <summary>How many files are open.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds a file and gives it its number.</summary>
    /// <param name="file">The file.</param>
    internal void Add(OpenFile file)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out int slot))
            {
                slot = _used++;
                if (slot == _slots.Length)
                {
                    OpenFile?[] larger = new OpenFile?[slot * 2];
                    _slots.CopyTo(larger, 0);

                    // Release: pairs with the acquire in Find, which must see the copied slots.
                    Volatile.Write(ref _slots, larger);
                }
            }

            _count++;
            file.Number = ((ulong)++_generation << 32) | (uint)slot;
            Volatile.Write(ref _slots[slot], file);
        }
    }

    /// <summary>Looks for a file.</summary>
    /// <param name="number">What the kernel calls it.</param>
    /// <returns>The file, or null.</returns>
    internal OpenFile? Find(ulong number)
    {
        OpenFile?[] slots = Volatile.Read(ref _slots);
        uint slot = (uint)number;
        OpenFile? file = slot < (uint)slots.Length ? Volatile.Read(ref slots[slot]) : null;
        return file is not null && file.Number == number ? file : null;
    }

    /// <summary>Takes a file out.</summary>
    /// <param name="number">What the kernel calls it.</param>
    /// <returns>The file; null when it is not in the table.</returns>
    internal OpenFile? Remove(ulong number)
    {
        lock (_lock)
        {
            OpenFile? file = Find(number);
            if (file is not null)
            {
                int slot = (int)(uint)number;
                _slots[slot] = null;
                _free.Push(slot);
                if (--_count == 0)
                {
                    Shrink();
                }
            }

            return file;
        }
    }

    /// <summary>Takes every file out.</summary>
    /// <returns>The files.</returns>
    internal List<OpenFile> RemoveAll()
    {
        lock (_lock)
        {
            var files = new List<OpenFile>();
            foreach (OpenFile? file in _slots)
            {
                if (file is not null)
                {
                    files.Add(file);
                }
            }

            Array.Clear(_slots);
            _count = 0;
            Shrink();
            return files;
        }
    }

    // Nothing is open: what a program with very many files has needed is given back. No slot of the old array is used again, so
    // a reader that still has it finds nothing there.
    private void Shrink()
    {
        _used = 0;
        _free.Clear();
        if (_slots.Length > FirstSize)
        {
            _free.TrimExcess();
            Volatile.Write(ref _slots, new OpenFile?[FirstSize]);
        }
    }
}
