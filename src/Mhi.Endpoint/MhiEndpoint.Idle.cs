using System;
using Mhi.Endpoint.Channels;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <content>Times the device waits for, and M1 and M2: rest it asks for by itself.</content>
public sealed partial class MhiEndpoint
{
    private readonly long _ticksToIdle;
    private long _idleDue;
    private long _nextDue;
    private uint _dataDoorbellsSeen;
    private bool _attentionInRest;

    // Doorbells but that of device wake. A race between the two counts ends a rest for nothing, and does no harm.
    private uint DataDoorbells => _registers.DoorbellSequence - _registers.DoorbellCount(Doorbell.DeviceWake);

    private long DueIn(long ticks) => Math.Max(_timeProvider.GetTimestamp() + ticks, 1);

    // In M0, after a step: M1 once nothing has happened for long enough.
    private void WatchIdleness(bool isBusy)
    {
        if (_state != MhiState.M0 || !_isMoving || _registers.IsWakeAsserted)
        {
            _idleDue = 0;
        }
        else if (isBusy || _idleDue == 0)
        {
            _idleDue = DueIn(_ticksToIdle);
        }
        else if (_queued == 0 && _controlEvents.HasRoom && _timeProvider.GetTimestamp() >= _idleDue)
        {
            _idleDue = 0;
            EnterState(MhiState.M1);
            SendControl(RingElement.StateEvent(MhiState.M1));
        }
    }

    // M2 ends with device wake, a doorbell, or a channel that has something to do.
    private int LeaveRest()
    {
        bool isWanted = _registers.IsWakeAsserted
            || DataDoorbells != _dataDoorbellsSeen
            || _registers.CommandDoorbellCount() != _commandDoorbellsSeen
            || _attentionInRest
            || HasBurstTraffic();
        if (!isWanted || _queued != 0 || !_registers.IsBusMaster)
        {
            return 0;
        }

        EnterState(MhiState.M0);
        SendControl(RingElement.StateEvent(MhiState.M0));
        return 1 + ResumeMoving();
    }

    // Channels in burst mode announce nothing: their contexts are followed in M2 too.
    private bool HasBurstTraffic()
    {
        bool resting = false;
        foreach (ChannelPair pair in _active.AsSpan(0, _activeCount))
        {
            if (pair.HasBurstTraffic())
            {
                return true;
            }

            resting |= pair.IsResting;
        }

        _nextLook = resting ? DueIn(_ticksBetweenLooks) : 0;
        return false;
    }

    private void SetNextDue()
    {
        _nextDue = _nextLook;
        Consider(_idleDue);
        if (_bootDue != 0 && CanBoot)
        {
            Consider(_bootDue);
        }
    }

    private void Consider(long due)
    {
        if (due != 0 && (_nextDue == 0 || due < _nextDue))
        {
            _nextDue = due;
        }
    }
}
