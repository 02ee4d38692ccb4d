using System.Threading;
using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <content>Getting the turn of a direction, in the order of arrival.</content>
internal sealed partial class UciOperation
{
    // Whether the operation has asked its direction's queue for the turn and has neither noticed the grant nor left.
    private bool _isInTurn;

    private UciTurn TakeTurn(UciDirection direction)
    {
        UciHandle handle = _handle;
        CancellationToken token = _token;
        Deadline deadline = _deadline;
        while (true)
        {
            if (IsGranted)
            {
                return TakeGranted();
            }

            UciStop cause = StopCause(handle, token, deadline);
            if (cause == UciStop.TimedOut && !_isInTurn && direction.Turn.TryTake())
            {
                // What need not wait is done, however little time it was given.
                return TakeGranted();
            }

            if (cause != UciStop.None)
            {
                LeaveTurn(direction);
                _ = Stop(cause);
                return UciTurn.Ended;
            }

            if (!_isInTurn)
            {
                _isInTurn = true;
                if (direction.Turn.TakeOrQueue(this))
                {
                    return TakeGranted();
                }
            }

            int wait = Announce();
            if (!IsGranted && StopCause(handle, token, deadline) == UciStop.None)
            {
                return UciTurn.Waits;
            }

            if (!TryWithdraw(wait))
            {
                return UciTurn.Waits;
            }
        }
    }

    private UciTurn TakeGranted()
    {
        IsGranted = false;
        _isInTurn = false;
        _hasTurn = true;
        LockRules.EnterTurn();
        return UciTurn.Taken;
    }

    // Ending, which follows, passes a turn on.
    private void LeaveTurn(UciDirection direction)
    {
        if (_hasTurn)
        {
            direction.Waiter = null;
        }
        else if (_isInTurn && !direction.Turn.TryLeave(this))
        {
            // Granted a moment ago.
            _ = TakeGranted();
        }

        _isInTurn = false;
    }
}
