using System.Runtime.CompilerServices;

namespace Mhi.Interop.Memory;

/// <summary>
/// Ring elements in memory that a device reads or writes too. The mask proves every index, so no access leaves the ring.
/// </summary>
/// <remarks>
/// Safe while the <see cref="MappedMemory"/> it was made from is mapped. Elements are copied whole: a value read is a
/// private copy, and the runtime introduces no second read of it. No ordering of its own: the words that publish
/// elements (<see cref="SharedWord"/>, doorbells) order them.
/// </remarks>
/// <typeparam name="T">Element type.</typeparam>
public readonly unsafe struct SharedRing<T>
    where T : unmanaged
{
    private readonly T* _elements;

    // As wide as a pointer: the index needs no widening after the mask.
    private readonly nuint _mask;

    internal SharedRing(T* elements, uint mask)
    {
        _elements = elements;
        _mask = mask;
    }

    /// <summary>Number of elements, a power of two.</summary>
    public uint Count => (uint)_mask + 1;

    /// <summary>Copies an element out.</summary>
    /// <param name="index">Any number; taken modulo the size of the ring.</param>
    /// <returns>The copy.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(uint index) => _elements[index & _mask];

    /// <summary>Stores an element.</summary>
    /// <param name="index">Any number; taken modulo the size of the ring.</param>
    /// <param name="value">The element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint index, T value) => _elements[index & _mask] = value;
}
