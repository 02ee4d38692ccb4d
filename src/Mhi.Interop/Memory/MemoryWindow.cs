using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mhi.Interop.Memory;

/// <summary>
/// A range of a <see cref="MappedMemory"/>, for accesses whose place is known only at run time: each one is checked
/// against the range, and refused instead of thrown when it does not fit.
/// </summary>
/// <remarks>Safe while the <see cref="MappedMemory"/> it was made from is mapped. A default instance is empty.</remarks>
public readonly unsafe struct MemoryWindow
{
    private readonly byte* _base;
    private readonly ulong _length;

    internal MemoryWindow(byte* address, ulong length)
    {
        _base = address;
        _length = length;
    }

    /// <summary>Length in bytes.</summary>
    public ulong Length => _length;

    /// <summary>Some bytes of the range.</summary>
    /// <param name="offset">First byte; any number.</param>
    /// <param name="length">How many; any number.</param>
    /// <param name="bytes">The bytes; the span must not outlive the mapping.</param>
    /// <returns>Whether all of them lie inside the range.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySlice(ulong offset, int length, out Span<byte> bytes)
    {
        // A negative length becomes larger than any mapping, and the subtraction cannot wrap behind the first test.
        if (offset > _length || (ulong)(long)length > _length - offset)
        {
            bytes = default;
            return false;
        }

        bytes = MemoryMarshal.CreateSpan(ref *(_base + offset), length);
        return true;
    }

    /// <summary>One aligned 32-bit word of the range.</summary>
    /// <param name="offset">Its first byte; any number.</param>
    /// <param name="word">The word.</param>
    /// <returns>Whether it lies inside the range and is aligned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWord(ulong offset, out SharedWord word)
    {
        if (offset > _length || _length - offset < sizeof(uint) || ((nuint)(_base + offset) & (sizeof(uint) - 1)) != 0)
        {
            word = default;
            return false;
        }

        word = new SharedWord((uint*)(_base + offset));
        return true;
    }
}
