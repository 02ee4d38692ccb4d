using System;
using System.Threading;
using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <content>Reading: the turn, then data, a reason why none will come, or a wait for either.</content>
internal sealed partial class UciOperation
{
    private bool AdvanceRead(Span<byte> destination)
    {
        UciSession session = _session;
        UciDirection direction = session.Downlink!;
        DownlinkPort port = session.Pair.Downlink!;
        UciHandle handle = _handle;
        CancellationToken token = _token;
        Deadline deadline = _deadline;
        while (true)
        {
            if (!_hasTurn && TakeTurn(direction) is var turn && turn != UciTurn.Taken)
            {
                return turn == UciTurn.Ended;
            }

            direction.Waiter = null;
            UciStop cause = StopCause(handle, token, deadline);
            if (cause is UciStop.Closed or UciStop.Canceled)
            {
                return Stop(cause);
            }

            // Looked at first: what arrived before the fault is still delivered.
            UciFault fault = session.Fault;
            ChannelStatus status = _kind == UciOperationKind.Read
                ? port.TryRead(destination, out _count)
                : port.TryReceive(destination, out _count, out _endOfMessage, out _truncated);
            if (status == ChannelStatus.Done)
            {
                return Finish();
            }

            // With the controller in an error, reads wait: the device may be removed, or recover and say that it did.
            if (fault is not (UciFault.None or UciFault.Error))
            {
                return Fail(fault);
            }

            if (cause == UciStop.TimedOut)
            {
                return Stop(cause);
            }

            direction.Waiter = this;
            int wait = Announce();
            port.Readable.Listen();
            if (!port.HasPacket() && session.Fault == fault && StopCause(handle, token, deadline) == UciStop.None)
            {
                return false;
            }

            if (!TryWithdraw(wait))
            {
                return false;
            }
        }
    }
}
