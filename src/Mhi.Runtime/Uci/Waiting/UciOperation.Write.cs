using System;
using System.Threading;
using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <content>
/// Writing: one turn for the whole call, so that packets of two calls never mix; each packet waits until all of it fits.
/// </content>
internal sealed partial class UciOperation
{
    private bool AdvanceWrite(ReadOnlySpan<byte> data)
    {
        UciSession session = _session;
        UciDirection direction = session.Uplink!;
        UplinkPort port = session.Pair.Uplink!;
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
            if (cause != UciStop.None && (_count > 0 || cause != UciStop.TimedOut))
            {
                return _count > 0 ? Finish() : Stop(cause);
            }

            UciFault fault = session.Fault;
            if (fault != UciFault.None)
            {
                return _count > 0 ? Finish() : Fail(fault);
            }

            int length = session.NextPacketLength(data.Length - _count, whole: _kind == UciOperationKind.WriteMessage);
            ChannelStatus status = session.TryWritePacket(data.Slice(_count, length));
            if (status == ChannelStatus.Done)
            {
                _count += length;
                _packets++;
                if (_count == data.Length)
                {
                    return Finish();
                }

                continue;
            }

            if (status == ChannelStatus.Down)
            {
                // The fault is there by now: the next round reports it.
                continue;
            }

            if (cause == UciStop.TimedOut)
            {
                return Stop(cause);
            }

            uint needed = session.SegmentsOf(length);
            direction.Needed = needed;
            direction.Waiter = this;
            int wait = Announce();
            port.Writable.Listen();
            if (port.FreeBuffersForAll < needed && session.Fault == UciFault.None && StopCause(handle, token, deadline) == UciStop.None)
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
