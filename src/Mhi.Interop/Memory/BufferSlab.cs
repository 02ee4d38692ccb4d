using System;
using System.Runtime.CompilerServices;

namespace Mhi.Interop.Memory;

/// <summary>
/// Equal buffers, side by side, addressed by index. The mask proves the index and the stride bounds the length, so no
/// span leaves the slab whatever a device wrote.
/// </summary>
/// <remarks>Safe while the <see cref="MappedMemory"/> it was made from is mapped.</remarks>
public readonly unsafe struct BufferSlab
{
    private readonly byte* _base;
    private readonly uint _stride;
    private readonly uint _mask;

    internal BufferSlab(byte* address, uint stride, uint mask)
    {
        _base = address;
        _stride = stride;
        _mask = mask;
    }

    /// <summary>Number of buffers, a power of two.</summary>
    public int Count => (int)(_mask + 1);

    /// <summary>Bytes of one buffer.</summary>
    public int Stride => (int)_stride;

    /// <summary>The first bytes of a buffer.</summary>
    /// <param name="index">Any number; taken modulo the number of buffers.</param>
    /// <param name="length">Bytes wanted, at most <see cref="Stride"/>.</param>
    /// <returns>The bytes; the span must not outlive the mapping.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is larger than a buffer.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Slice(uint index, uint length)
    {
        if (length > _stride)
        {
            ThrowLength();
        }

        return new Span<byte>(_base + ((nuint)(index & _mask) * _stride), (int)length);
    }

    private static void ThrowLength() =>
        throw new ArgumentOutOfRangeException("length", "The span asked for is longer than one buffer of the slab.");
}
