using System;
using System.Numerics;
using System.Threading;
using Mhi.Endpoint.Rings;

namespace Mhi.Endpoint;

/// <content>Events become visible, and interrupts tell of them: at once, or held back as the ring says.</content>
public sealed partial class MhiEndpoint
{
    private bool _moderating;
    private ulong _raise;
    private long _interruptsRaised;

    /// <summary>Interrupts raised so far. May be read by any thread.</summary>
    public long InterruptsRaised => Volatile.Read(ref _interruptsRaised);

    private void Publish()
    {
        foreach (EventRing ring in _eventRings)
        {
            if (!ring.HasStaged)
            {
                continue;
            }

            switch (ring.Publish())
            {
                case InterruptDecision.Now:
                    ring.Deadline = 0;
                    _raise |= 1UL << ring.Vector;
                    break;
                case InterruptDecision.Later when ring.Deadline == 0 && ring.IsOpen:
                    long ticks = ring.ModerationMilliseconds * _timeProvider.TimestampFrequency / 1000;
                    ring.Deadline = Math.Max(_timeProvider.GetTimestamp() + ticks, 1);
                    _moderating = true;
                    break;
            }
        }

        if (!_controlEvents.IsOpen && _isMoving)
        {
            // The host took the control ring's memory away: there is no way left to tell it anything but this.
            Fail();
        }
    }

    private int RaiseOverdue()
    {
        int raised = 0;
        bool moderating = false;
        long now = _timeProvider.GetTimestamp();
        foreach (EventRing ring in _eventRings)
        {
            if (ring.Deadline == 0)
            {
                continue;
            }

            if (ring.Deadline > now)
            {
                moderating = true;
                continue;
            }

            ring.Deadline = 0;
            _raise |= 1UL << ring.Vector;
            raised++;
        }

        _moderating = moderating;
        return raised;
    }

    // Once per vector and call, after all events of the call are published.
    private void RaiseVectors()
    {
        ulong raise = _raise;
        _raise = 0;
        if (!_registers.IsBusMaster)
        {
            return;
        }

        for (; raise != 0; raise &= raise - 1)
        {
            int vector = BitOperations.TrailingZeroCount(raise);
            LogInterrupt(vector);
            _vectors.Raise(vector);
            _interruptsRaised++;
        }
    }
}
