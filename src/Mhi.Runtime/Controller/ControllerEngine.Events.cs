using System.Runtime.CompilerServices;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>Event rings: taking events, checking them, sending each to its place.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    /// <summary>Handles the events that are there now: at most one less than each ring has elements.</summary>
    private int PollEvents()
    {
        int done = 0;
        EventRing[] rings = _eventRings;
        for (int i = 0; i < rings.Length; i++)
        {
            EventRing ring = rings[i];
            if (!ring.HasMoved())
            {
                continue;
            }

            if (!ring.TryCount(out uint found, out ulong badPointer))
            {
                FailForReadPointer(i, ring, badPointer);
                return done;
            }

            done += (int)found;
            for (uint count = found; count > 0; count--)
            {
                RingElement element = ring.Take();
                if (TryCompletePlainly(i, element))
                {
                    continue;
                }

                Dispatch(i, element);
                if (_eventRings != rings)
                {
                    // The event ended the device's use of these rings.
                    return done;
                }
            }

            ring.Publish();
            RingEventDoorbell(i);
        }

        return done;
    }

    // Out of line: what makes the message has no place in the frame of the loop.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FailForReadPointer(int index, EventRing ring, ulong badPointer) =>
        Fail(MhiErrorCode.ProtocolViolation, $"{Name} set the read pointer of event ring {index} to 0x{badPointer:x}, which is no element of that ring (0x{ring.LengthBytes:x} bytes at 0x{ring.Base:x}). Reset the device and power the controller up again.");

    /// <summary>The common case, kept small: a whole packet moved, in order, on a channel that runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryCompletePlainly(int ring, RingElement element)
    {
        if (element.Type != ElementType.TransferCompletion)
        {
            return false;
        }

        if (_downlinks[element.Channel] is { } downlink)
        {
            return downlink.TryCompleteNext(ring, element.Address, element.Word0);
        }

        return _uplinks[element.Channel] is { } uplink && uplink.TryCompleteNext(ring, element.Address, element.Word0);
    }

    private void Dispatch(int ring, RingElement element)
    {
        if (element.Type == ElementType.TransferCompletion)
        {
            OnTransferEvent(ring, element);
        }
        else if (element.Type == ElementType.None)
        {
            Fail(MhiErrorCode.ProtocolViolation, $"{Name} moved the read pointer of event ring {ring} over an element that it had not written. Reset the device and power the controller up again.");
        }
        else if (Profile.EventRings[ring].CarriesControl)
        {
            OnControlEvent(element);
        }
        else
        {
            Counters.CountIgnoredEvent();
        }
    }

    private void OnControlEvent(RingElement element)
    {
        switch (element.Type)
        {
            case ElementType.CommandCompletion:
                OnCommandCompletion(element);
                break;
            case ElementType.StateChange when element.State == MhiState.M0:
                OnM0();
                break;
            case ElementType.StateChange when element.State == MhiState.M3:
                OnM3();
                break;
            case ElementType.StateChange when element.State == MhiState.SystemError:
                Fail(MhiErrorCode.SystemError, $"{Name} reported SYS_ERR: its firmware failed. Power the controller up again; that resets the device.", Inspect());
                break;
            case ElementType.ExecutionEnvironmentChange:
                OnEnvironment(element.Environment);
                break;
            default:
                Counters.CountIgnoredEvent();
                break;
        }
    }

    private void OnTransferEvent(int ring, RingElement element)
    {
        byte channel = element.Channel;
        ChannelPair? pair = _routes[channel];
        if (pair is null)
        {
            Counters.CountIgnoredCompletion();
        }
        else if (pair.Uplink is { } uplink && uplink.Profile.Number == channel)
        {
            OnUplinkEvent(pair, uplink, ring, element);
        }
        else if (pair.Downlink is { } downlink && downlink.Profile.Number == channel)
        {
            OnDownlinkEvent(pair, downlink, ring, element);
        }
    }

    private void OnUplinkEvent(ChannelPair pair, UplinkPort port, int ring, RingElement element)
    {
        if (ring != port.Profile.EventRing)
        {
            FailChannel(pair, port.Profile, $"completed a transfer on event ring {ring} instead of {port.Profile.EventRing}");
        }
        else if (IsDoorbellRequest(element.Code))
        {
            port.ArmDoorbell();
            if (port.Ring.Outstanding > 0 && port.TakeDoorbell())
            {
                RingChannelDoorbell(port.Profile.Number, port.Ring);
            }
        }
        else
        {
            CompleteUplink(pair, port, element);
        }
    }

    private void CompleteUplink(ChannelPair pair, UplinkPort port, RingElement element)
    {
        int count = port.Ring.Resolve(element.Address);
        if (count == 0)
        {
            Counters.CountIgnoredCompletion();
            return;
        }

        // A ring completes in order, so an event also says of the packets before its own that they were taken: a device may
        // report several by the last one's event, and hosts in the field accept that.
        int own = count < 0 ? 0 : port.Ring.PartOfDescriptor(count);

        // What a code nobody knows says of a packet that is not next, it may say of anything.
        if (own != count && !IsKnown(element.Code))
        {
            Counters.CountIgnoredCompletion();
            return;
        }

        // A good end in the middle of a transfer would free buffers that the device may still read. An error may come early.
        if (count < 0 || (element.Code == CompletionCode.EndOfTransfer && port.Ring.Peek((uint)count - 1).Chained))
        {
            string what = count < 0 ? "is none of its ring" : "does not end a transfer";
            FailChannel(pair, port.Profile, $"completed element 0x{element.Address:x}, which {what}");
            return;
        }

        if (own != count)
        {
            port.Complete(count - own, failed: false);
        }

        port.Complete(own, !IsGood(element.Code));
    }

    private void OnDownlinkEvent(ChannelPair pair, DownlinkPort port, int ring, RingElement element)
    {
        if (ring != port.Profile.EventRing)
        {
            FailChannel(pair, port.Profile, $"completed a transfer on event ring {ring} instead of {port.Profile.EventRing}");
        }
        else if (IsDoorbellRequest(element.Code))
        {
            port.ArmDoorbell();
            if (port.Ring.Outstanding > 0 && port.TakeDoorbell())
            {
                RingChannelDoorbell(port.Profile.Number, port.Ring);
            }
        }
        else
        {
            // Receive buffers are never chained, so an event covers exactly the oldest one.
            int count = port.Ring.Resolve(element.Address);
            if (count == 1)
            {
                port.Complete(element.Code, element.TransferLength);
            }
            else if (count == 0 || !IsKnown(element.Code))
            {
                Counters.CountIgnoredCompletion();
            }
            else
            {
                FailChannel(pair, port.Profile, $"completed element 0x{element.Address:x}, which is not the receive buffer that is next");
            }
        }
    }

    private static bool IsGood(CompletionCode code) =>
        code is CompletionCode.EndOfTransfer or CompletionCode.EndOfBlock or CompletionCode.Overflow;

    // Any other that names the transfer that is next has ended it, and badly: its buffer goes the way of a failed one.
    private static bool IsKnown(CompletionCode code) => IsGood(code) || code is CompletionCode.UndefinedError or CompletionCode.BadElement;

    private static bool IsDoorbellRequest(CompletionCode code) => code is CompletionCode.OutOfBuffers or CompletionCode.DoorbellMode;
}
