using System;
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

    private readonly TransferRing _ring;
    private readonly DmaTranslation _memory;
    private readonly ViolationCounters _violations;
    private byte[] _packet = [];
    private int _length;
    private int _hint;
    private CompletionCode _fault;
    private bool _held;

    internal UplinkChannel(TransferRing ring, DmaTranslation memory, ViolationCounters violations)
    {
        _ring = ring;
        _memory = memory;
        _violations = violations;
    }

    /// <summary>The channel's ring and state.</summary>
    internal TransferRing Ring => _ring;

    /// <summary>Packets taken by the function since the endpoint was made.</summary>
    internal long Packets { get; private set; }

    /// <summary>Whether something waits here that no doorbell will announce again.</summary>
    internal bool NeedsAttention => _ring.IsRunning && (_held || _ring.Pending != 0 || _ring.IsPolling);

    /// <summary>A new run of the channel: what an earlier one left unfinished is void.</summary>
    internal void Begin()
    {
        if (_packet.Length == 0)
        {
            _packet = GC.AllocateUninitializedArray<byte>(MaxPacketLength);
        }

        _length = 0;
        _fault = CompletionCode.Invalid;
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

        _ = _ring.Look();

        // A fixed number of elements: what the host adds meanwhile waits for the next poll.
        EventRing events = _ring.Events;
        for (uint pending = _ring.Pending; pending != 0 && events.HasRoom; pending--)
        {
            work++;
            if (Take(events) && !Deliver(function, downlink))
            {
                return work;
            }
        }

        if (_ring.ShouldAskForDoorbell && events.HasRoom)
        {
            events.Stage(RingElement.TransferEvent(_ring.Address, CompletionCode.DoorbellMode, 0, _ring.Channel), blockInterrupt: false);
            _ring.StopPolling();
            work++;
        }

        return work;
    }

    // Takes one element. True when a packet is complete.
    private bool Take(EventRing events)
    {
        RingElement element = _ring.Next;
        ulong address = _ring.Address;
        _ring.Consume();
        int length = element.TransferLength;
        if (_fault == CompletionCode.Invalid)
        {
            if (element.Type == ElementType.Transfer
                && length <= MaxPacketLength - _length
                && _memory.TryRead(element.Address, _packet.AsSpan(_length, length), ref _hint))
            {
                _length += length;
            }
            else
            {
                Fail(element);
            }
        }

        // Event table of the device data path: EOB inside a chain if IEOB, EOT at its end if IEOT. Length as queued.
        bool blockInterrupt = (element.Word1 & RingElement.BlockInterruptFlag) != 0;
        if (element.IsChained)
        {
            if ((element.Word1 & RingElement.EndOfBlockFlag) != 0 && _fault == CompletionCode.Invalid)
            {
                events.Stage(RingElement.TransferEvent(address, CompletionCode.EndOfBlock, (ushort)length, _ring.Channel), blockInterrupt);
            }

            return false;
        }

        if (_fault != CompletionCode.Invalid)
        {
            events.Stage(RingElement.TransferEvent(address, _fault, 0, _ring.Channel), blockInterrupt);
            _fault = CompletionCode.Invalid;
            _length = 0;
            return false;
        }

        if ((element.Word1 & RingElement.EndOfTransferFlag) != 0)
        {
            events.Stage(RingElement.TransferEvent(address, CompletionCode.EndOfTransfer, (ushort)length, _ring.Channel), blockInterrupt);
        }

        return true;
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
        Packets++;
        return true;
    }

    private void Fail(in RingElement element)
    {
        if (element.Type != ElementType.Transfer)
        {
            _violations.Count(HostViolation.BadElement);
            _fault = CompletionCode.BadElement;
        }
        else if (element.TransferLength > MaxPacketLength - _length)
        {
            _violations.Count(HostViolation.PacketTooLong);
            _fault = CompletionCode.UndefinedError;
        }
        else
        {
            _violations.Count(HostViolation.BufferUnreachable);
            _fault = CompletionCode.BadElement;
        }
    }
}
