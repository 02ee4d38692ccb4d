using System;
using System.Runtime.CompilerServices;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Rings;
using Mhi.Protocol;

namespace Mhi.Endpoint.Channels;

/// <summary>Host to device: joins the elements of a descriptor into one packet and hands it to the channel's function.</summary>
/// <remarks>
/// Store and forward: an element is complete for the host as soon as its bytes are in device memory. A packet the function
/// refuses stays there, and nothing further is taken, so back-pressure reaches the host through its own ring.
/// A descriptor with an element that cannot be read, or with more bytes than <see cref="MaxPacketLength"/>, is dropped as
/// a whole; one event with an error code, at its last element, completes it.
/// </remarks>
internal sealed class UplinkChannel
{
    /// <summary>Longest packet the device joins from one descriptor, in bytes.</summary>
    internal const int MaxPacketLength = 1 << 20;

    private const uint TypeMask = 0x00ff_0000;
    private const uint WholePacket = ((uint)ElementType.Transfer << 16) | RingElement.EndOfTransferFlag;

    private readonly TransferRing _ring;
    private readonly DmaTranslation _memory;
    private readonly ViolationCounters _violations;
    private byte[] _packet = [];
    private int _length;
    private int _hint;
    private CompletionCode _fault;
    private bool _joining;
    private bool _held;

    internal UplinkChannel(TransferRing ring, DmaTranslation memory, ViolationCounters violations)
    {
        _ring = ring;
        _memory = memory;
        _violations = violations;
    }

    /// <summary>The channel's ring and state.</summary>
    internal TransferRing Ring => _ring;

    /// <summary>Whether something waits here that no doorbell will announce again.</summary>
    internal bool NeedsAttention
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_held || _ring.Pending != 0 || _ring.IsPolling) && _ring.IsRunning;
    }

    /// <summary>A new run of the channel: what an earlier one left unfinished is void.</summary>
    internal void Begin()
    {
        if (_packet.Length == 0)
        {
            _packet = GC.AllocateUninitializedArray<byte>(MaxPacketLength);
        }

        _length = 0;
        _fault = CompletionCode.Invalid;
        _joining = false;
        _held = false;
    }

    /// <summary>Takes what the host has queued, as long as there is room for events and the function takes packets.</summary>
    /// <param name="function">Who receives.</param>
    /// <param name="downlink">Where it answers.</param>
    /// <returns>Elements and packets moved.</returns>
    internal int Receive(ChannelFunction function, DownlinkChannel downlink)
    {
        int work = 0;
        if (_held)
        {
            if (!Deliver(function, downlink))
            {
                return 0;
            }

            work++;
        }

        TransferRing ring = _ring;
        _ = ring.Look();

        // A fixed number of elements: what the host adds meanwhile waits for the next poll.
        EventRing events = ring.Events;
        for (uint pending = ring.Pending; pending != 0 && events.HasRoom; pending--)
        {
            work++;
            ref readonly RingElement element = ref ring.Take(out ulong address);
            int length = element.TransferLength;
            Span<byte> packet = _packet.AsSpan(0, length);
            if (IsWholePacket(element) && _memory.TryRead(element.Address, packet, ref _hint))
            {
                ring.Complete(address, element.Word1, CompletionCode.EndOfTransfer, length);
                if (!function.OnUplink(packet, downlink))
                {
                    _length = length;
                    _held = true;
                    return work;
                }
            }
            else if (Take(element, address) && !Deliver(function, downlink))
            {
                return work;
            }
        }

        return work;
    }

    // The usual element: a packet of its own that wants its event, with nothing joined before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsWholePacket(in RingElement element) =>
        (element.Word1 & (TypeMask | RingElement.ChainFlag | RingElement.EndOfTransferFlag)) == WholePacket && !_joining;

    // Takes one element of any kind. True when a packet is complete.
    private bool Take(in RingElement element, ulong address)
    {
        Join(element);
        _joining = element.IsChained;

        // Event table of the device data path: EOB inside a chain if IEOB, EOT at its end if IEOT. Length as queued.
        if (element.IsChained)
        {
            if ((element.Word1 & RingElement.EndOfBlockFlag) != 0 && _fault == CompletionCode.Invalid)
            {
                _ring.Complete(address, element.Word1, CompletionCode.EndOfBlock, element.TransferLength);
            }

            return false;
        }

        if (_fault != CompletionCode.Invalid)
        {
            _ring.Complete(address, element.Word1, _fault, 0);
            _fault = CompletionCode.Invalid;
            _length = 0;
            return false;
        }

        if ((element.Word1 & RingElement.EndOfTransferFlag) != 0)
        {
            _ring.Complete(address, element.Word1, CompletionCode.EndOfTransfer, element.TransferLength);
        }

        return true;
    }

    // Appends the element's bytes to the packet. The first fault counts for the whole descriptor.
    private void Join(in RingElement element)
    {
        int length = element.TransferLength;
        if (_fault != CompletionCode.Invalid)
        {
            return;
        }

        if (element.Type != ElementType.Transfer)
        {
            Fail(HostViolation.BadElement, CompletionCode.BadElement);
        }
        else if (length > MaxPacketLength - _length)
        {
            Fail(HostViolation.PacketTooLong, CompletionCode.UndefinedError);
        }
        else if (!_memory.TryRead(element.Address, _packet.AsSpan(_length, length), ref _hint))
        {
            Fail(HostViolation.BufferUnreachable, CompletionCode.BadElement);
        }
        else
        {
            _length += length;
        }
    }

    private void Fail(HostViolation violation, CompletionCode code)
    {
        _violations.Count(violation);
        _fault = code;
    }

    private bool Deliver(ChannelFunction function, DownlinkChannel downlink)
    {
        _held = true;
        if (!function.OnUplink(_packet.AsSpan(0, _length), downlink))
        {
            return false;
        }

        _held = false;
        _length = 0;
        return true;
    }
}
