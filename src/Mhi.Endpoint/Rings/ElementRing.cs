using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Dma;
using Mhi.Protocol;

namespace Mhi.Endpoint.Rings;

/// <summary>A ring the host fills, transfer or command: the device's position in it and its copy of what is queued.</summary>
/// <remarks>
/// Every element is read once, when the write pointer passes over it; what the host does to it later has no effect. The
/// private indices run freely and are masked on use.
/// </remarks>
internal class ElementRing
{
    private readonly DmaTranslation _memory;
    private readonly ViolationCounters _violations;
    private RingElement[] _elements = new RingElement[1];
    private RingGeometry _geometry;
    private uint _read;
    private uint _write;
    private int _hint;

    internal ElementRing(DmaTranslation memory, ViolationCounters violations)
    {
        _memory = memory;
        _violations = violations;
    }

    /// <summary>Elements queued and not yet taken.</summary>
    internal uint Pending => _write - _read;

    /// <summary>Bus address of the next element.</summary>
    internal ulong Address => _geometry.AddressOf(_read);

    protected DmaTranslation Memory => _memory;

    protected ViolationCounters Violations => _violations;

    /// <summary>The private copy of the next element; only while one is pending.</summary>
    internal ref readonly RingElement Next
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // A power of two of elements, so the mask proves the index to the compiler too.
            RingElement[] elements = _elements;
            return ref elements[(int)_read & (elements.Length - 1)];
        }
    }

    /// <summary>Takes the next element off the ring; only while one is pending.</summary>
    /// <param name="address">Its bus address.</param>
    /// <returns>The private copy; valid until the ring is advanced.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly RingElement Take(out ulong address)
    {
        RingElement[] elements = _elements;
        int index = (int)_read & (elements.Length - 1);
        _read++;
        address = _geometry.Base + ((uint)index << RingElement.LengthShift);
        return ref elements[index];
    }

    /// <summary>Forgets the ring.</summary>
    internal void Close()
    {
        _read = 0;
        _write = 0;
        _geometry = default;
    }

    /// <summary>Starts on a ring with what is queued in it already.</summary>
    /// <param name="geometry">Where it lies.</param>
    /// <param name="readPointer">The device's position, from the context.</param>
    /// <param name="writePointer">The host's position, from the context.</param>
    /// <returns>Whether both pointers are in the ring and the queued elements could be read.</returns>
    internal bool TryOpen(in RingGeometry geometry, ulong readPointer, ulong writePointer)
    {
        if (!geometry.TryIndexOf(readPointer, out uint read) || !geometry.TryIndexOf(writePointer, out uint write))
        {
            return false;
        }

        if (_elements.Length != geometry.Count)
        {
            _elements = new RingElement[geometry.Count];
        }

        _geometry = geometry;
        _hint = 0;
        _read = read;
        _write = read;
        if (TryFetch((write - read) & geometry.Mask))
        {
            return true;
        }

        Close();
        return false;
    }

    /// <summary>Takes over the host's write pointer and reads the elements it has passed.</summary>
    /// <param name="pointer">As the host wrote it.</param>
    /// <returns>Whether there are new elements.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Advance(ulong pointer) =>
        (uint)(pointer >> 32) == (uint)(_geometry.Base >> 32)
            ? AdvanceLow((uint)pointer)
            : Refuse(HostViolation.PointerOutsideRing);

    /// <inheritdoc cref="Advance"/>
    /// <param name="low">Low half of the pointer; the high half is that of the ring.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AdvanceLow(uint low)
    {
        if (!_geometry.TryIndexOf(low, out uint index))
        {
            return Refuse(_geometry.FaultOf(low));
        }

        uint count = (index - _write) & _geometry.Mask;
        if (count > _geometry.Mask - Pending)
        {
            return Refuse(HostViolation.RingOverrun);
        }

        return count != 0 && TryFetch(count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Refuse(HostViolation violation)
    {
        _violations.Count(violation);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFetch(uint count)
    {
        RingElement[] elements = _elements;
        int index = (int)_write & (elements.Length - 1);
        ulong address = _geometry.Base + ((uint)index << RingElement.LengthShift);
        if (count != 1 || !_memory.TryReadElement(address, out elements[index], _hint))
        {
            return TryFetchSeveral(count);
        }

        _write++;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFetchSeveral(uint count)
    {
        Span<RingElement> toEnd = _elements.AsSpan((int)(_write & _geometry.Mask));
        int first = (int)Math.Min(count, (uint)toEnd.Length);
        int second = (int)count - first;
        if (!_memory.TryRead(_geometry.AddressOf(_write), MemoryMarshal.AsBytes(toEnd[..first]), ref _hint)
            || !_memory.TryRead(_geometry.Base, MemoryMarshal.AsBytes(_elements.AsSpan(0, second)), ref _hint))
        {
            return Refuse(HostViolation.RingUnreachable);
        }

        _write += count;
        return true;
    }
}
