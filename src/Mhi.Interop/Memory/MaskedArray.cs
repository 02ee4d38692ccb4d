using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mhi.Interop.Memory;

/// <summary>
/// A pinned managed array of a power of two of elements, indexed modulo its length: the mask proves the index, so an
/// access carries neither a bounds check nor a null check.
/// </summary>
/// <remarks>
/// Safe because the array never moves and the mask is one less than its length, as long as the object that holds this
/// struct is reachable during an access: the struct keeps the array alive. A default instance faults as a null reference.
/// Orders nothing by itself.
/// </remarks>
/// <typeparam name="T">Element type.</typeparam>
public readonly unsafe struct MaskedArray<T>
    where T : unmanaged
{
    private readonly T[] _array;
    private readonly T* _elements;

    // As wide as a pointer: the index needs no widening after the mask.
    private readonly nuint _mask;

    /// <summary>Allocates the array, pinned, all default.</summary>
    /// <param name="count">Number of elements, a power of two.</param>
    public MaskedArray(int count)
    {
        if (!BitOperations.IsPow2(count))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of elements must be a power of two.");
        }

        _array = GC.AllocateArray<T>(count, pinned: true);
        _elements = (T*)Unsafe.AsPointer(ref _array[0]);
        _mask = (nuint)count - 1;
    }

    /// <summary>Number of elements.</summary>
    public int Count => (int)(_mask + 1);

    /// <summary>The element at an index taken modulo <see cref="Count"/>.</summary>
    /// <param name="index">Any number.</param>
    public ref T this[nuint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _elements[index & _mask];
    }
}
