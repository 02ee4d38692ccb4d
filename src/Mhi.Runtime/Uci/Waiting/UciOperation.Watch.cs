using System.Threading;
using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <content>Waiting without a turn: readiness, the end of a flush, any change.</content>
internal sealed partial class UciOperation
{
    private bool AdvancePoll()
    {
        UciSession session = _session;
        UciHandle handle = _handle;
        CancellationToken token = _token;
        Deadline deadline = _deadline;
        UciPollEvents wanted = _events | UciPollEvents.Error | UciPollEvents.HangUp;
        while (true)
        {
            // A poll that ends for any reason but its events says so, even when an event came at the same moment. The events
            // are looked at first: those of a channel that the close took down come after the close.
            UciPollEvents ready = session.EventsFor(handle) & wanted;
            UciStop cause = StopCause(handle, token, deadline);
            if (cause is UciStop.Closed or UciStop.Canceled)
            {
                return Stop(cause);
            }

            if (ready != UciPollEvents.None || cause == UciStop.TimedOut)
            {
                _events = ready;
                return Finish();
            }

            JoinWatchers(session);
            int wait = Announce();
            Listen(session, wanted);
            if ((session.EventsFor(handle) & wanted) == UciPollEvents.None && StopCause(handle, token, deadline) == UciStop.None)
            {
                return false;
            }

            if (!TryWithdraw(wait))
            {
                return false;
            }
        }
    }

    private bool AdvanceChange()
    {
        UciSession session = _session;
        UciHandle handle = _handle;
        CancellationToken token = _token;
        Deadline deadline = _deadline;
        UciPollEvents ready = session.EventsFor(handle);
        UciStop cause = StopCause(handle, token, deadline);
        if (cause != UciStop.None)
        {
            return Stop(cause);
        }

        if (_isArmed)
        {
            _events = ready;
            return Finish();
        }

        _isArmed = true;
        UciPollEvents wanted = _events;
        JoinWatchers(session);
        int wait = Announce();
        Listen(session, wanted);
        if (session.Fault == UciFault.None && StopCause(handle, token, deadline) == UciStop.None)
        {
            return false;
        }

        return TryWithdraw(wait) && AdvanceChange();
    }

    private bool AdvanceFlush()
    {
        UciSession session = _session;
        UplinkPort port = session.Pair.Uplink!;
        UciHandle handle = _handle;
        CancellationToken token = _token;
        Deadline deadline = _deadline;
        ulong target = _flushTarget;
        while (true)
        {
            UciStop cause = StopCause(handle, token, deadline);
            if (cause != UciStop.None)
            {
                return Stop(cause);
            }

            if ((long)(port.CompletedBuffers - target) >= 0)
            {
                return handle.TakeFailures() is var failed && failed != 0
                    ? Fail(session.ExceptionForLostData(failed))
                    : Finish();
            }

            UciFault fault = session.Fault;
            if (fault != UciFault.None)
            {
                return Fail(fault);
            }

            JoinWatchers(session);
            int wait = Announce();
            session.Uplink!.WatchFlush(target);
            port.Flushed.Listen();
            if ((long)(port.CompletedBuffers - target) < 0 && session.Fault == UciFault.None && StopCause(handle, token, deadline) == UciStop.None)
            {
                return false;
            }

            if (!TryWithdraw(wait))
            {
                return false;
            }
        }
    }

    private void JoinWatchers(UciSession session)
    {
        if (!_isWatching)
        {
            _isWatching = true;
            session.Watchers.Add(this);
        }
    }

    private static void Listen(UciSession session, UciPollEvents wanted)
    {
        // Any direction tells of a fault, so one of them is always listened to.
        DownlinkPort? downlink = session.Pair.Downlink;
        UplinkPort? uplink = session.Pair.Uplink;
        bool forRoom = uplink is not null && ((wanted & UciPollEvents.Out) != 0 || downlink is null);
        if (forRoom)
        {
            uplink!.Writable.Listen();
        }

        if (downlink is not null && ((wanted & UciPollEvents.In) != 0 || !forRoom))
        {
            downlink.Readable.Listen();
        }
    }
}
