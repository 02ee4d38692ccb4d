using System.Runtime.CompilerServices;
using Mhi.Interop.Memory;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Rings;

/// <summary>The host's side of an event ring. Used by the poll thread only.</summary>
/// <remarks>
/// The device's read pointer is the only word trusted to say where new events end, and it is checked. An element is
/// copied once and zeroed, so one the device never wrote, or shows a second time, is recognised.
/// </remarks>
internal sealed class EventRing
{
    private readonly SharedRing<RingElement> _elements;
    private readonly SharedWord _readPointerLow;
    private readonly SharedWord _readPointerHigh;
    private readonly SharedWord _writePointerLow;
    private readonly ulong _base;
    private readonly uint _mask;
    private uint _position;
    private uint _readPointerSeen;

    /// <summary>Creates the ring and lays out its context.</summary>
    /// <param name="region">Memory that holds contexts and elements.</param>
    /// <param name="offset">Where the elements begin; the bus address is a multiple of the ring's length.</param>
    /// <param name="elements">Number of elements, a power of two.</param>
    /// <param name="contextOffset">Where the ring's context begins.</param>
    internal EventRing(DmaRegion region, long offset, int elements, long contextOffset)
    {
        _elements = region.Memory.Ring<RingElement>(offset, elements);
        _readPointerLow = region.Memory.Word(contextOffset + RingContext.ReadPointer);
        _readPointerHigh = region.Memory.Word(contextOffset + RingContext.ReadPointer + 4);
        _writePointerLow = region.Memory.Word(contextOffset + RingContext.WritePointer);
        _base = region.BusAddress + (ulong)offset;
        _mask = (uint)elements - 1;
        _readPointerSeen = (uint)_base;
    }

    /// <summary>Bus address of element 0.</summary>
    internal ulong Base => _base;

    /// <summary>Length of the ring in bytes.</summary>
    internal uint LengthBytes => (_mask + 1) * RingElement.Length;

    /// <summary>
    /// Bus address of the element that the device must not write: one behind the host's position, so that a full ring
    /// and an empty one differ.
    /// </summary>
    internal ulong WritePointer => _base + (((_position - 1) & _mask) << RingElement.LengthShift);

    /// <summary>Whether the device has moved its read pointer since <see cref="TryCount"/> last looked.</summary>
    /// <returns>False when there is nothing new.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasMoved() => _readPointerLow.ReadAcquire() != _readPointerSeen;

    /// <summary>Finds out how many events are new.</summary>
    /// <param name="count">How many there are, at most one less than the ring has elements.</param>
    /// <param name="badPointer">The pointer, when it is none of this ring.</param>
    /// <returns>False when the device wrote a pointer that is none of this ring.</returns>
    internal bool TryCount(out uint count, out ulong badPointer)
    {
        // Acquire: pairs with the device's order "element, then read pointer". The high half never changes (the ring
        // does not cross 4 GiB), so reading the halves apart cannot mix two pointers of one ring.
        uint low = _readPointerLow.ReadAcquire();
        count = 0;
        badPointer = 0;
        ulong pointer = ((ulong)_readPointerHigh.ReadAcquire() << 32) | low;
        ulong offset = pointer - _base;
        if (offset >= LengthBytes || (offset & (RingElement.Length - 1)) != 0)
        {
            badPointer = pointer;
            return false;
        }

        _readPointerSeen = low;
        count = ((uint)(offset >> RingElement.LengthShift) - _position) & _mask;
        return true;
    }

    /// <summary>Takes the next event out of the ring.</summary>
    /// <returns>A private copy; of type <see cref="ElementType.None"/> when the device never wrote the element.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal RingElement Take()
    {
        uint position = _position;
        RingElement element = _elements.Read(position);
        _elements.Write(position, default);
        _position = position + 1;
        return element;
    }

    /// <summary>Gives the taken elements back to the device; the doorbell follows.</summary>
    internal void Publish() =>
        //// Release: the zeroing is stored before the device may write there again.
        _writePointerLow.WriteRelease((uint)WritePointer);
}
