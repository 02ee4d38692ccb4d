using System;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Rings;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <content>Resets, the state machine, and the events it sends.</content>
public sealed partial class MhiEndpoint
{
    // A state request needs two events at most; it waits while there is no room for them here.
    private const int QueueSize = 8;
    private const int EventsPerRequest = 2;

    private readonly RingElement[] _queue = new RingElement[QueueSize];
    private int _queued;
    private bool _isRequestDeferred;
    private uint _resetsSeen;
    private uint _stateRequestsSeen;
    private uint _commandDoorbellsSeen;
    private int _openEventRings;
    private MhiState _state;

    private int HandleControl()
    {
        int work = 0;
        uint resets = _registers.Resets;
        if (resets != _resetsSeen)
        {
            uint wholeResets = _registers.WholeResets;
            PowerOn(wholeResets != _wholeResetsSeen);
            _wholeResetsSeen = wholeResets;
            _registers.AcknowledgeReset(resets);
            _resetsSeen = resets;
            LogReset();
            RaiseStateVector();
            work++;
        }

        if (_failureRequested)
        {
            _failureRequested = false;
            Fail();
            work++;
        }

        bool isBusMaster = _registers.IsBusMaster;
        uint requests = _registers.StateRequests;
        if (requests != _stateRequestsSeen && isBusMaster)
        {
            _isRequestDeferred = _queued > QueueSize - EventsPerRequest;
            if (!_isRequestDeferred)
            {
                _stateRequestsSeen = requests;
                HandleStateRequest(_registers.RequestedState);
                work++;
            }
        }

        return work + HandleImageDoorbell() + ResumeMoving();
    }

    private int ResumeMoving()
    {
        bool wasMoving = _isMoving;
        _isMoving = _state is MhiState.M0 or MhiState.M1 && _registers.IsBusMaster;
        if (!_isMoving)
        {
            return 0;
        }

        _attention |= !wasMoving;
        uint doorbells = _registers.CommandDoorbellCount();
        if (doorbells != _commandDoorbellsSeen)
        {
            _commandDoorbellsSeen = doorbells;
            _ = _commands.Advance(_registers.ReadCommandDoorbell());
            return 1;
        }

        return 0;
    }

    // After power on, and after every reset: nothing of the host is remembered, and the device gets ready by itself, unless
    // its boot loader runs. Whole is a reset of the processor: it starts anew.
    private void PowerOn(bool whole)
    {
        DropHost();
        _queued = 0;
        _isRequestDeferred = false;
        _failureRequested = false;
        _idleDue = 0;
        RestartBoot(whole);
    }

    private void DropHost()
    {
        _isMoving = false;
        for (int i = 0; i < _activeCount; i++)
        {
            _active[i].Drop();
        }

        _activeCount = 0;
        _commands.Close();
        foreach (EventRing ring in _eventRings)
        {
            ring.Close();
        }

        _openEventRings = 0;
        _moderating = false;
    }

    private void EnterState(MhiState state)
    {
        _state = state;
        _registers.ReportState(state);
        LogState(state);
    }

    private void HandleStateRequest(MhiState requested)
    {
        LogRequest(requested);
        switch (requested)
        {
            case MhiState.M0 when _state == MhiState.Ready:
                if (!TryAttachHost())
                {
                    Fail();
                    return;
                }

                EnterState(MhiState.M0);
                SendControl(RingElement.StateEvent(MhiState.M0));
                AnnounceEnvironment();
                break;
            case MhiState.M0 when _state == MhiState.M3:
                ChangeChannels(ChannelState.Suspended, ChannelState.Running);
                EnterState(MhiState.M0);
                SendControl(RingElement.StateEvent(MhiState.M0));
                break;
            case MhiState.M0 when _state is MhiState.M1 or MhiState.M2:
                EnterState(MhiState.M0);
                SendControl(RingElement.StateEvent(MhiState.M0));
                break;
            case MhiState.M2 when _state == MhiState.M1:
                // The host asks for what the device has offered, and needs no event.
                _attentionInRest = _attention;
                EnterState(MhiState.M2);
                break;
            case MhiState.M3 when _state is MhiState.M0 or MhiState.M1 or MhiState.M2:
                EnterState(MhiState.M3);
                ChangeChannels(ChannelState.Running, ChannelState.Suspended);
                SendControl(RingElement.StateEvent(MhiState.M3));
                break;
            case MhiState.M0 when _state == MhiState.M0:
            case MhiState.M2 when _state == MhiState.M2:
            case MhiState.M3 when _state == MhiState.M3:
            case MhiState.Reset:
                // Already there; and a state field of 0 asks for nothing, resets have a bit of their own.
                break;
            case MhiState.SystemError:
                Fail();
                break;
            default:
                _violations.Count(HostViolation.InvalidStateRequest);
                break;
        }
    }

    // READY to M0: what the host has programmed is read, checked and kept. Channel contexts follow at START.
    private bool TryAttachHost()
    {
        int rings = _registers.RequestedEventRings;
        ulong events = _registers.ReadPair(MhiRegisters.EventContextBase);
        ulong commands = _registers.ReadPair(MhiRegisters.CommandContextBase);
        ulong channels = _registers.ReadPair(MhiRegisters.ChannelContextBase);
        LogContexts(rings, channels, events, commands);
        if (rings < 1 || rings > _eventRings.Length || !IsContextArray(events) || !IsContextArray(commands) || !IsContextArray(channels))
        {
            _violations.Count(HostViolation.InvalidConfiguration);
            return false;
        }

        _eventContexts = events;
        _channelContexts = channels;
        _openEventRings = rings;
        for (int i = 0; i < rings; i++)
        {
            // Only the control ring has to be right now; another one is tried again when a channel wants it.
            if (!TryOpenEventRing(i) && i == 0)
            {
                _violations.Count(HostViolation.InvalidEventContext);
                return false;
            }
        }

        // Count before context: a doorbell rung in between is looked at again.
        _commandDoorbellsSeen = _registers.CommandDoorbellCount();
        Span<CommandContext> context = stackalloc CommandContext[1];
        if (!_memory.TryRead(commands, MemoryMarshal.AsBytes(context))
            || !RingGeometry.TryCreate(context[0].RingBase, context[0].RingLength, out RingGeometry geometry)
            || !_commands.TryOpen(geometry, context[0].ReadPointer, context[0].WritePointer))
        {
            _violations.Count(HostViolation.InvalidCommandContext);
            return false;
        }

        LogCommandRing(geometry);
        return true;
    }

    // Words are accessed whole, so the array is aligned to them, and no entry lies beyond the end of the address space.
    private static bool IsContextArray(ulong address) =>
        (address & 3) == 0 && address <= ulong.MaxValue - (Doorbell.ChannelCount * RingContext.Length);

    private bool TryOpenEventRing(int index) =>
        _eventRings[index].IsOpen
        || LogEventRing(index, _eventRings[index].TryOpen(_eventContexts + ((uint)index * RingContext.Length), _vectors.Count));

    private void ChangeChannels(ChannelState from, ChannelState to)
    {
        foreach (TransferRing? ring in _channels)
        {
            if (ring is not null && ring.State == from)
            {
                _ = ring.TryChangeState(to);
            }
        }
    }

    // SYS_ERR: the firmware is gone. Channels stop; the host learns it by MHISTATUS and the state vector, and by no event: a
    // Linux host that is told in both ways resets the device twice.
    private void Fail()
    {
        if (_state == MhiState.SystemError)
        {
            return;
        }

        EnterState(MhiState.SystemError);
        RaiseStateVector();
        _queued = 0;
        DropHost();
    }

    // For what only registers tell: there is no event ring yet, or none any more. A host that sleeps until a register has
    // changed looks when this vector comes; where an event tells the change, the event's vector does that.
    private void RaiseStateVector()
    {
        uint vector = _registers.StateVector;
        _raise |= 1UL << (vector < (uint)_vectors.Count ? (int)vector : 0);
    }

    private void SendControl(RingElement element)
    {
        LogEvent(element);
        if (_queued == 0 && _controlEvents.HasRoom)
        {
            _controlEvents.Stage(element);
        }
        else
        {
            _queue[_queued++] = element;
        }
    }

    // Events of the state machine that found the control ring full.
    private int SendQueued()
    {
        int sent = 0;
        while (sent < _queued && _registers.IsBusMaster && _controlEvents.HasRoom)
        {
            _controlEvents.Stage(_queue[sent++]);
        }

        Array.Copy(_queue, sent, _queue, 0, _queued - sent);
        _queued -= sent;
        return sent;
    }
}
