using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Registers;
using Mhi.Protocol;

namespace Mhi.Endpoint.Rings;

/// <summary>One event ring: what the device tells the host, and when it interrupts it.</summary>
/// <remarks>
/// Events are staged in device memory and written out in batches: elements, then the read pointer in the context with
/// release (which orders the elements and all payload before it), then one interrupt per vector after all rings are
/// published. A caller must have seen <see cref="HasRoom"/> before it stages an event, so a full ring holds work back and
/// no event is ever lost.
/// </remarks>
internal sealed class EventRing
{
    private const int StageSize = 256;

    private readonly EndpointRegisters _registers;
    private readonly DmaTranslation _memory;
    private readonly ViolationCounters _violations;
    private readonly RingElement[] _stage = new RingElement[StageSize];
    private readonly uint _index;
    private RingGeometry _geometry;
    private ulong _readPointerAddress;
    private ulong _lastDoorbell;
    private uint _write;
    private int _staged;
    private uint _free;
    private int _hint;
    private int _contextHint;

    // Complements of the BEI bits of the events staged since the last publication: not zero if there is one, and with
    // the BEI bit set if one of them does not block its interrupt.
    private uint _unblocked;

    internal EventRing(uint index, EndpointRegisters registers, DmaTranslation memory, ViolationCounters violations)
    {
        _index = index;
        _registers = registers;
        _memory = memory;
        _violations = violations;
    }

    /// <summary>Whether the ring is set up and writable.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>Where the ring lies; only while it is open.</summary>
    internal RingGeometry Geometry => _geometry;

    /// <summary>Interrupt vector, checked against those granted.</summary>
    internal int Vector { get; private set; }

    /// <summary>How long the interrupt of a BEI event may wait; 0 means that it is never raised.</summary>
    internal int ModerationMilliseconds { get; private set; }

    /// <summary>When a held-back interrupt is due, as a time stamp; 0 when there is none.</summary>
    internal long Deadline { get; set; }

    /// <summary>Whether events were staged since the last <see cref="Publish"/>.</summary>
    internal bool HasStaged => _unblocked != 0;

    /// <summary>Whether an event may be staged. Looks at the host's doorbell when the known room is used up.</summary>
    internal bool HasRoom => _free != 0 || FindRoom();

    /// <summary>Sets the ring up from its context.</summary>
    /// <param name="contextAddress">Bus address of the context.</param>
    /// <param name="vectors">Interrupt vectors granted.</param>
    /// <returns>False when the context is unreadable, not valid or not sane.</returns>
    internal bool TryOpen(ulong contextAddress, int vectors)
    {
        Span<EventContext> context = stackalloc EventContext[1];
        if (!_memory.TryRead(contextAddress, MemoryMarshal.AsBytes(context), ref _contextHint)
            || context[0].Type != EventContext.ValidType
            || context[0].InterruptVector >= (uint)vectors
            || !RingGeometry.TryCreate(context[0].RingBase, context[0].RingLength, out RingGeometry geometry)
            || !geometry.TryIndexOf(context[0].ReadPointer, out _write)
            || !geometry.TryIndexOf(context[0].WritePointer, out uint limit))
        {
            return false;
        }

        _geometry = geometry;
        _readPointerAddress = contextAddress + RingContext.ReadPointer;
        Vector = (int)context[0].InterruptVector;
        ModerationMilliseconds = (int)(context[0].Moderation >> EventContext.ModerationTimeShift);
        _lastDoorbell = 0;
        _free = (limit - _write) & geometry.Mask;
        IsOpen = true;
        return true;
    }

    /// <summary>Forgets the ring and everything not written out.</summary>
    internal void Close()
    {
        IsOpen = false;
        Deadline = 0;
        _staged = 0;
        _free = 0;
        _unblocked = 0;
    }

    /// <summary>Stages an event whose interrupt is not moderated. <see cref="HasRoom"/> must have been true.</summary>
    /// <param name="element">The event.</param>
    internal void Stage(RingElement element) => Stage(element, 0);

    /// <summary>Stages an event. <see cref="HasRoom"/> must have been true.</summary>
    /// <param name="element">The event.</param>
    /// <param name="flags">Last word of the transfer element it completes: BEI moderates the interrupt.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Stage(RingElement element, uint flags)
    {
        RingElement[] stage = _stage;
        int staged = _staged;
        _unblocked |= ~(flags & RingElement.BlockInterruptFlag);
        _free--;
        if ((uint)staged < (uint)stage.Length)
        {
            stage[staged] = element;
            _staged = staged + 1;
        }
        else
        {
            WriteOut();
            stage[0] = element;
            _staged = 1;
        }
    }

    /// <summary>Writes out what is staged.</summary>
    /// <returns>What the interrupt should do.</returns>
    internal InterruptDecision Publish()
    {
        WriteOut();
        uint unblocked = _unblocked;
        _unblocked = 0;
        return (unblocked & RingElement.BlockInterruptFlag) != 0 ? InterruptDecision.Now
            : ModerationMilliseconds != 0 ? InterruptDecision.Later
            : InterruptDecision.None;
    }

    private void WriteOut()
    {
        int staged = _staged;
        uint index = _write & _geometry.Mask;
        _staged = 0;
        _write += (uint)staged;
        bool written = (uint)staged <= _geometry.Count - index
            ? _memory.TryWrite(_geometry.AddressOf(index), MemoryMarshal.AsBytes(_stage.AsSpan(0, staged)), ref _hint)
            : TryWriteWrapped(index, staged);

        // The low half only: a ring never crosses 4 GiB, and the host itself wrote the high half when it set rp = rbase.
        if (!written || !_memory.TryWriteWord(_readPointerAddress, (uint)_geometry.AddressOf(_write), ref _contextHint))
        {
            Break();
        }
    }

    private bool TryWriteWrapped(uint index, int staged)
    {
        int first = (int)(_geometry.Count - index);
        Span<RingElement> elements = _stage.AsSpan(0, staged);
        return _memory.TryWrite(_geometry.AddressOf(index), MemoryMarshal.AsBytes(elements[..first]), ref _hint)
            && _memory.TryWrite(_geometry.Base, MemoryMarshal.AsBytes(elements[first..]), ref _hint);
    }

    // The host has taken the ring's memory away: nothing can be told through it any more, and nothing is held back for it.
    private void Break()
    {
        _violations.Count(HostViolation.InvalidEventContext);
        Close();
    }

    // The host's doorbell names the element the device must not write.
    private bool FindRoom()
    {
        if (!IsOpen)
        {
            return false;
        }

        ulong doorbell = _registers.ReadEventDoorbell(_index);
        if (doorbell == _lastDoorbell)
        {
            return false;
        }

        _lastDoorbell = doorbell;
        if (!_geometry.TryIndexOf(doorbell, out uint limit))
        {
            _violations.Count(HostViolation.PointerOutsideRing);
            return false;
        }

        _free = (limit - (_write + (uint)_staged)) & _geometry.Mask;
        return _free != 0;
    }
}
