using System;
using System.Runtime.CompilerServices;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Registers;
using Mhi.Protocol;

namespace Mhi.Endpoint.Rings;

/// <summary>The transfer ring of one channel, and how the device learns that the host has queued more.</summary>
/// <remarks>
/// Without burst mode the doorbell's value is the write pointer. In burst mode the device follows the write pointer in the
/// context; when it has found nothing new for a while it looks only now and then. A doorbell brings it back, but says no
/// more, because its value may be older than the context's. The device never asks for a doorbell by an event (OOB,
/// DB_MODE), as the specification allows it to: the Linux host clears its note of such a request just after it has rung,
/// and so loses one that comes quickly.
/// </remarks>
internal sealed class TransferRing : ElementRing
{
    /// <summary>Looks at the write pointer in the context, without anything new, after which they become rare.</summary>
    internal const uint IdleLooksBeforeRest = 1024;

    private readonly EndpointRegisters _registers;
    private readonly uint _eventWord;
    private ulong _contextAddress;
    private uint _doorbellsSeen;
    private uint _lastWritePointer;
    private uint _idleLooks;
    private int _contextHint;
    private uint _baseLow;
    private bool _burst;
    private bool _following;

    internal TransferRing(byte channel, EndpointRegisters registers, DmaTranslation memory, ViolationCounters violations)
        : base(memory, violations)
    {
        Channel = channel;
        _eventWord = RingElement.TransferEvent(0, CompletionCode.Invalid, 0, channel).Word1;
        _registers = registers;
    }

    /// <summary>Channel number.</summary>
    internal byte Channel { get; }

    /// <summary>Completes one of the channel's elements with an event. The event ring must have room.</summary>
    /// <param name="address">Bus address of the element.</param>
    /// <param name="flags">Its last word.</param>
    /// <param name="code">How it went.</param>
    /// <param name="length">Bytes to report, at most <see cref="RingElement.MaxTransferLength"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Complete(ulong address, uint flags, CompletionCode code, int length) =>
        Events.Stage(new RingElement(address, ((uint)code << 24) | (uint)length, _eventWord), flags);

    /// <summary>State, as written into the context.</summary>
    internal ChannelState State { get; private set; }

    /// <summary>Whether data moves.</summary>
    internal bool IsRunning => State == ChannelState.Running;

    /// <summary>Event ring of the channel's completions; only while the ring is open.</summary>
    internal EventRing Events { get; private set; } = null!;

    /// <summary>Whether the device looks at the write pointer by itself, so that it must be stepped to see more.</summary>
    internal bool IsPolling => _following && _idleLooks < IdleLooksBeforeRest;

    /// <summary>Whether it looks by itself at all.</summary>
    internal bool IsFollowing => _following;

    /// <summary>Whether it looks by itself, but now and then is enough.</summary>
    internal bool IsResting => _following && _idleLooks >= IdleLooksBeforeRest;

    /// <summary>Starts on the ring that a checked context describes.</summary>
    /// <param name="context">The context, a private copy.</param>
    /// <param name="contextAddress">Its bus address.</param>
    /// <param name="events">Event ring of the channel.</param>
    /// <param name="doorbells">Doorbell count from before the context was read: what was rung until then is in it.</param>
    /// <returns>Whether the ring can be used.</returns>
    internal bool TryStart(in ChannelContext context, ulong contextAddress, EventRing events, uint doorbells)
    {
        if (!RingGeometry.TryCreate(context.RingBase, context.RingLength, out RingGeometry geometry)
            || !TryOpen(geometry, context.ReadPointer, context.WritePointer))
        {
            return false;
        }

        Events = events;
        _contextAddress = contextAddress;
        _contextHint = 0;
        _doorbellsSeen = doorbells;
        _lastWritePointer = (uint)context.WritePointer;
        _baseLow = (uint)context.RingBase;
        _burst = ((context.Configuration >> 8) & 3) == (uint)BurstMode.Enabled;
        _following = _burst;
        _idleLooks = 0;
        return true;
    }

    /// <summary>Changes the state and writes it into the context.</summary>
    /// <param name="state">The new state.</param>
    /// <returns>Whether the context could be written.</returns>
    internal bool TryChangeState(ChannelState state)
    {
        // chstate is the lowest byte of the word; the others belong to the host.
        if (!Memory.TryWrite(_contextAddress, [(byte)state], ref _contextHint))
        {
            Violations.Count(HostViolation.InvalidChannelContext);
            return false;
        }

        State = state;
        return true;
    }

    /// <summary>The device forgets the channel: the context is not touched.</summary>
    internal void Drop()
    {
        Close();
        State = ChannelState.Disabled;
        _following = false;
        _burst = false;
    }

    /// <summary>Takes over what the host has queued since the last look.</summary>
    /// <returns>Whether there is something new.</returns>
    internal bool Look()
    {
        return _burst
            ? LookAtContext()
            : _registers.TryTakeDoorbell(Channel, ref _doorbellsSeen, out ulong pointer) && Advance(pointer);
    }

    private bool LookAtContext()
    {
        if (_registers.TryTakeDoorbell(Channel, ref _doorbellsSeen, out _))
        {
            _following = true;
            _idleLooks = 0;
        }

        if (!_following)
        {
            return false;
        }

        // Only the low half moves (RingGeometry); its load is the acquire that the elements' reads follow.
        if (!Memory.TryReadWord(_contextAddress + RingContext.WritePointer, out uint low, ref _contextHint))
        {
            Violations.Count(HostViolation.InvalidChannelContext);
            _following = false;
            return false;
        }

        if (low == _lastWritePointer)
        {
            _idleLooks = Math.Min(_idleLooks + 1, IdleLooksBeforeRest);
            return false;
        }

        if (low == 0 && _baseLow != 0)
        {
            // A host that is about to reset the device clears the context without a word; this ring does not begin at 0.
            _following = false;
            return false;
        }

        _lastWritePointer = low;
        _idleLooks = 0;
        return AdvanceLow(low);
    }
}
