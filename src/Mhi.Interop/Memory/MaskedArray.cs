using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mhi.Interop.Memory;

/// <summary>
/// A pinned managed array of a power of two of elements, indexed modulo its length: the mask proves the index, so an
/// access carries no bounds check.
/// </summary>
/// <remarks>
/// Safe because the mask is always one less than the length of the array it was made with; a default instance has no
/// array and faults as a null reference. Orders nothing by itself.
/// </remarks>
/// <typeparam name="T">Element type.</typeparam>
public readonly struct MaskedArray<T>
    where T : unmanaged
{
    private readonly T[] _elements;
    private readonly uint _mask;

    /// <summary>Allocates the array, pinned, all default.</summary>
    /// <param name="count">Number of elements, a power of two.</param>
    public MaskedArray(int count)
    {
        if (!BitOperations.IsPow2(count))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of elements must be a power of two.");
        }

        _elements = GC.AllocateArray<T>(count, pinned: true);
        _mask = (uint)count - 1;
    }

    /// <summary>Number of elements.</summary>
    public int Count => _elements.Length;

    /// <summary>The element at an index taken modulo <see cref="Count"/>.</summary>
    /// <param name="index">Any number.</param>
    public ref T this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_elements), index & _mask);
    }

    /// <summary>The elements from an index up to the end of the array: what a bulk copy can take before it wraps.</summary>
    /// <param name="index">Any number; taken modulo <see cref="Count"/>.</param>
    /// <returns>At least one element.</returns>
    public Span<T> ToEnd(uint index) => _elements.AsSpan((int)(index & _mask));

    /// <summary>The first elements of the array.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The elements.</returns>
    public Span<T> Start(int count) => _elements.AsSpan(0, count);
}
