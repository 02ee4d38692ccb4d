using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Interop.Memory;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Rings;

/// <summary>
/// The host's side of a transfer ring. What was queued is remembered in a private shadow and never read back from memory
/// that the device can write. Used by the poll thread only, but for <see cref="OutstandingForAll"/>.
/// </summary>
internal sealed class TransferRing
{
    private readonly SharedRing<RingElement> _elements;
    private readonly SharedWord _contextWritePointer;
    private readonly MaskedArray<Shadow> _shadow;
    private readonly ulong _base;
    private readonly uint _lengthBytes;
    private uint _write;
    private uint _read;

    /// <summary>Creates an empty ring.</summary>
    /// <param name="region">Memory that holds the elements.</param>
    /// <param name="offset">Where in it they begin; the bus address is a multiple of the ring's length.</param>
    /// <param name="elements">Number of elements, a power of two.</param>
    /// <param name="contextWritePointer">Low half of the write pointer in the channel's context.</param>
    internal TransferRing(DmaRegion region, long offset, int elements, SharedWord contextWritePointer)
    {
        _elements = region.Memory.Ring<RingElement>(offset, elements);
        _shadow = new MaskedArray<Shadow>(elements);
        _contextWritePointer = contextWritePointer;
        _base = region.BusAddress + (ulong)offset;
        _lengthBytes = (uint)elements * RingElement.Length;
    }

    /// <summary>Bus address of element 0.</summary>
    internal ulong Base => _base;

    /// <summary>Length of the ring in bytes.</summary>
    internal uint LengthBytes => _lengthBytes;

    /// <summary>Elements queued and not completed.</summary>
    internal uint Outstanding => _write - _read;

    /// <summary>
    /// Elements queued and not completed, for another thread: about now, never below zero, and no more than the ring holds.
    /// </summary>
    internal uint OutstandingForAll
    {
        get
        {
            // The trailing index first, each read once: the other one only moves away from it.
            uint read = Volatile.Read(ref _read);
            return Math.Min(Volatile.Read(ref _write) - read, _elements.Count - 1);
        }
    }

    /// <summary>Elements that can be queued: one always stays empty, to tell full from empty.</summary>
    internal uint Free => _elements.Count - 1 - (_write - _read);

    /// <summary>Bus address one past the last queued element: what context and doorbell say.</summary>
    internal ulong WritePointer => _base + ((_write & (_elements.Count - 1)) << RingElement.LengthShift);

    /// <summary>Queues an element; the caller has checked <see cref="Free"/>.</summary>
    /// <param name="address">Bus address of the buffer.</param>
    /// <param name="lengthBytes">Its length.</param>
    /// <param name="flags">Element flags.</param>
    /// <param name="buffer">Index of the buffer, for the shadow.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enqueue(ulong address, ushort lengthBytes, uint flags, uint buffer)
    {
        _elements.Write(_write, RingElement.Transfer(address, lengthBytes, flags));
        _shadow[_write] = new Shadow(buffer, lengthBytes, (flags & RingElement.ChainFlag) != 0);
        _write++;
    }

    /// <summary>Shows the device everything queued so far.</summary>
    internal void Publish() =>
        //// Release: the elements are stored before the pointer that covers them. The doorbell write comes after both.
        _contextWritePointer.WriteRelease((uint)WritePointer);

    /// <summary>
    /// Takes the oldest outstanding element out of the ring if it is the one an event names and is a descriptor of its own:
    /// what nearly every event is about.
    /// </summary>
    /// <param name="elementAddress">The event's pointer, as the device wrote it.</param>
    /// <param name="element">What was queued there.</param>
    /// <returns>False when the event needs a closer look; nothing has changed then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryCompleteNext(ulong elementAddress, out Shadow element)
    {
        uint read = _read;
        element = _shadow[read];
        if (elementAddress != _base + ((read & (_elements.Count - 1)) << RingElement.LengthShift) || read == _write || element.Chained)
        {
            return false;
        }

        _read = read + 1;
        return true;
    }

    /// <summary>Finds out what a transfer event completes.</summary>
    /// <param name="elementAddress">The event's pointer, as the device wrote it.</param>
    /// <returns>
    /// The number of elements up to and including the one named; 0 when the pointer names none that is outstanding, and
    /// -1 when it is no element of this ring at all.
    /// </returns>
    internal int Resolve(ulong elementAddress)
    {
        ulong offset = elementAddress - _base;
        if (offset >= _lengthBytes || (offset & (RingElement.Length - 1)) != 0)
        {
            return -1;
        }

        uint distance = ((uint)(offset >> RingElement.LengthShift) - _read) & (_elements.Count - 1);
        return distance < Outstanding ? (int)distance + 1 : 0;
    }

    /// <summary>How many of the oldest elements, counted back from the last of them, belong to that one's descriptor.</summary>
    /// <param name="count">How many elements, 1 to <see cref="Outstanding"/>.</param>
    /// <returns>1 to <paramref name="count"/>.</returns>
    internal int PartOfDescriptor(int count)
    {
        int part = 1;
        while (part < count && Peek((uint)(count - part - 1)).Chained)
        {
            part++;
        }

        return part;
    }

    /// <summary>Takes the oldest outstanding element out of the ring.</summary>
    /// <returns>What was queued there.</returns>
    internal Shadow Complete() => _shadow[_read++];

    /// <summary>Looks at an outstanding element.</summary>
    /// <param name="offset">0 for the oldest.</param>
    /// <returns>What was queued there.</returns>
    internal Shadow Peek(uint offset) => _shadow[_read + offset];

    /// <summary>The host's own record of a queued element.</summary>
    /// <param name="buffer">Index of the buffer.</param>
    /// <param name="lengthBytes">Length as queued.</param>
    /// <param name="chained">Whether the next element continues the descriptor.</param>
    internal readonly struct Shadow(uint buffer, ushort lengthBytes, bool chained)
    {
        internal uint Buffer { get; } = buffer;

        internal ushort Length { get; } = lengthBytes;

        internal bool Chained { get; } = chained;
    }
}
