using System.Threading;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <summary>
/// Lets the users of one direction go one after the other, in the order they came. A turn that nobody else wants costs one
/// interlocked operation to take and one to give back.
/// </summary>
/// <remarks>
/// A turn given back while others queue passes straight to the first of them: it is never free while somebody waits, so
/// nobody overtakes. Taking and giving back are full fences: what one holder wrote, the next sees.
/// </remarks>
internal sealed class TurnQueue
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int Contended = 2;

    private readonly UciLock _lock = new();
    private UciOperation? _first;
    private UciOperation? _last;
    private int _state;
    private volatile int _count;

    /// <summary>How many operations queue, the holder of the turn not among them.</summary>
    internal int Count => _count;

    /// <summary>Takes the turn if nobody has it.</summary>
    /// <returns>Whether it was taken.</returns>
    internal bool TryTake()
    {
        SchedulePoint.Hit();
        if (Interlocked.CompareExchange(ref _state, Taken, Free) != Free)
        {
            return false;
        }

        LockRules.EnterTurn();
        return true;
    }

    /// <summary>Takes the turn, or a place in the queue.</summary>
    /// <param name="operation">Who wants it; its wait is announced already.</param>
    /// <returns>Whether the turn was taken; else the operation is queued and will be granted it.</returns>
    internal bool TakeOrQueue(UciOperation operation)
    {
        using (_lock.EnterScope())
        {
            // From here on giving back takes the lock, so the holder cannot slip away unseen.
            if (Interlocked.Exchange(ref _state, Contended) == Free)
            {
                _state = _first is null ? Taken : Contended;
                return true;
            }

            operation.PreviousInTurn = _last;
            if (_last is null)
            {
                _first = operation;
            }
            else
            {
                _last.NextInTurn = operation;
            }

            _last = operation;
            operation.IsQueued = true;
            _count++;
            return false;
        }
    }

    /// <summary>Takes an operation out of the queue.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>False when the turn has been granted to it meanwhile.</returns>
    internal bool TryLeave(UciOperation operation)
    {
        using (_lock.EnterScope())
        {
            if (!operation.IsQueued)
            {
                return false;
            }

            Unlink(operation);
            return true;
        }
    }

    /// <summary>Gives the turn back, or on to the first in the queue.</summary>
    internal void Release()
    {
        SchedulePoint.Hit();
        LockRules.LeaveTurn();
        if (Interlocked.CompareExchange(ref _state, Free, Taken) != Taken)
        {
            PassOn();
        }
    }

    private void PassOn()
    {
        UciOperation? next;
        using (_lock.EnterScope())
        {
            next = _first;
            if (next is null)
            {
                // Everybody who queued has left. Release: pairs with the interlocked operations of the next taker.
                Volatile.Write(ref _state, Free);
                return;
            }

            Unlink(next);
            next.IsGranted = true;
        }

        next.Signal();
    }

    private void Unlink(UciOperation operation)
    {
        if (operation.PreviousInTurn is { } previous)
        {
            previous.NextInTurn = operation.NextInTurn;
        }
        else
        {
            _first = operation.NextInTurn;
        }

        if (operation.NextInTurn is { } next)
        {
            next.PreviousInTurn = operation.PreviousInTurn;
        }
        else
        {
            _last = operation.PreviousInTurn;
        }

        operation.PreviousInTurn = null;
        operation.NextInTurn = null;
        operation.IsQueued = false;
        _count--;
    }
}
