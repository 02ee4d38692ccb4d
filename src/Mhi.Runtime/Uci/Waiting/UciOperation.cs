using System;
using System.Threading;
using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <summary>
/// One operation that has to wait: blocked on its caller's thread or pending in a value task. It does its own work each
/// time it is woken and is used again for the next operation when it is finished.
/// </summary>
/// <remarks>
/// <para>A signal means only "look again": it is never wrong to signal, and whoever makes something true that an operation
/// may wait for signals it afterwards, with a full fence between. An operation therefore makes itself findable, announces
/// its wait (a full fence), looks once more at all it waits for, and only then sleeps.</para>
/// <para>While it runs, one thread owns it. The announcement carries a number, so that the thread that announced can take
/// back only its own wait and not one of a later use of the object.</para>
/// </remarks>
internal sealed partial class UciOperation
{
    private const int Running = 0;

    private static readonly TimeSpan s_timerPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(1);

    private readonly OperationPool _pool;
    private readonly UciGate _gate = new();
    private UciTimer? _timer;

    private UciHandle _handle = null!;
    private UciSession _session = null!;
    private UciOperationKind _kind;
    private Deadline _deadline;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Exception? _fault;
    private bool _hasTurn;
    private bool _isWatching;
    private bool _isArmed;
    private bool _isTimed;
    private int _count;
    private int _packets;
    private bool _endOfMessage;
    private bool _truncated;
    private UciPollEvents _events;
    private ulong _flushTarget;

    private int _waits;
    private int _phase;

    internal UciOperation(OperationPool pool)
    {
        _pool = pool;
    }

    /// <summary>Neighbours in the sets the operation is in, by chain. Guarded by the set.</summary>
    internal OperationLinks[] Links { get; } = new OperationLinks[2];

    /// <summary>Neighbours in a turn queue, or in the pool. Guarded by the queue.</summary>
    internal UciOperation? NextInTurn { get; set; }

    internal UciOperation? PreviousInTurn { get; set; }

    /// <summary>Whether the operation is in a turn queue. Guarded by the queue.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Whether a turn was granted that the operation has not noticed yet. Written under the queue's lock.</summary>
    internal volatile bool IsGranted;

    /// <summary>Prepares the operation for one use.</summary>
    internal void Begin(UciHandle handle, UciOperationKind kind, TimeSpan? timeout, CancellationToken token)
    {
        // First, because it may refuse: a pooled operation holds on to no handle.
        _deadline = Deadline.After(timeout);
        _handle = handle;
        _session = handle.Session;
        _kind = kind;
        _token = token;
        handle.Operations.Add(this);
        if (token.CanBeCanceled)
        {
            _registration = token.UnsafeRegister(static self => ((UciOperation)self!).Signal(), this);
        }
    }

    /// <summary>Says what a poll waits for.</summary>
    internal void Want(UciPollEvents events) => _events = events;

    /// <summary>Says up to where a flush waits.</summary>
    internal void FlushUpTo(ulong buffers) => _flushTarget = buffers;

    /// <summary>Makes the operation look again at what it waits for. Any thread; does nothing while it runs.</summary>
    internal void Signal()
    {
        SchedulePoint.Hit();

        // An interlocked read: the signaller's earlier stores come before it.
        int phase = Interlocked.CompareExchange(ref _phase, Running, Running);

        // Of the wait that is about to end, whose number the exchange checks: after it, a sleeper whose time is over may
        // have handed the object to another use.
        bool isAsync = Volatile.Read(ref _isAsync);
        if (phase != Running && Interlocked.CompareExchange(ref _phase, Running, phase) == phase)
        {
            SchedulePoint.Hit();
            if (isAsync)
            {
                UciWork.Queue(this);
            }
            else
            {
                _gate.Open();
            }
        }
    }

    /// <summary>Goes on until the operation has finished or waits.</summary>
    /// <param name="data">The caller's memory.</param>
    /// <returns>Whether it has finished. If not, the operation may already be running on another thread.</returns>
    internal bool Advance(Span<byte> data)
    {
        if (_hasTurn)
        {
            LockRules.EnterTurn();
        }

        bool isFinished = _kind switch
        {
            UciOperationKind.Read or UciOperationKind.Receive => AdvanceRead(data),
            UciOperationKind.Flush => AdvanceFlush(),
            UciOperationKind.Poll => AdvancePoll(),
            UciOperationKind.Change => AdvanceChange(),
            _ => AdvanceWrite(data),
        };

        // A turn stays the operation's while it waits, but this thread does nothing in it.
        LockRules.LeaveTurn();
        return isFinished;
    }

    /// <summary>Blocking form: sleeps until signalled or until the time is over.</summary>
    internal void Sleep()
    {
        int wait = _waits;
        UciWork.Sleep(_gate, _deadline);
        _ = TryWithdraw(wait);
    }

    /// <summary>Blocking form: hands the outcome out and the operation back.</summary>
    internal UciOutcome Take()
    {
        Exception? fault = _fault;
        UciOutcome outcome = new(_count, _packets, _endOfMessage, _truncated, _events);
        Recycle();
        return fault is null ? outcome : throw fault;
    }

    /// <summary>Announces that the operation is about to wait: from now on a signal resumes it.</summary>
    /// <returns>The number of the wait.</returns>
    private int Announce()
    {
        if (_isAsync)
        {
            ArmTimer();
        }
        else
        {
            _gate.Close();
        }

        int wait = _waits == int.MaxValue ? 1 : _waits + 1;
        _waits = wait;
        SchedulePoint.Hit();

        // Full fence: the looks that follow come after it.
        _ = Interlocked.Exchange(ref _phase, wait);
        SchedulePoint.Hit();
        return wait;
    }

    /// <summary>Takes a wait back.</summary>
    /// <param name="wait">Its number.</param>
    /// <returns>False when somebody has signalled it: the operation then runs, or will, on whatever thread that leads to.</returns>
    private bool TryWithdraw(int wait) => Interlocked.CompareExchange(ref _phase, Running, wait) == wait;

    private void ArmTimer()
    {
        TimeSpan left = _deadline.Left;
        if (left != Timeout.InfiniteTimeSpan)
        {
            _timer ??= UciWork.Timer(static self => ((UciOperation)self!).Signal(), this);

            // A timer runs by a coarse clock and may be early, even before the wait is announced; the look at the clock
            // decides. It fires again until it is stopped, so that none of this is the end of it; nor is a time that is
            // longer than a timer can be set to.
            _ = _timer.Change(left < s_longestTimer ? left + TimeSpan.FromMilliseconds(1) : s_longestTimer, s_timerPeriod);
            _isTimed = true;
        }
    }

    /// <summary>Why an operation must end although it has not done what it is for; null while it need not.</summary>
    private static UciStop StopCause(UciHandle handle, CancellationToken token, in Deadline deadline) =>
        handle.IsClosed ? UciStop.Closed
        : token.IsCancellationRequested ? UciStop.Canceled
        : deadline.IsOver ? UciStop.TimedOut
        : UciStop.None;

    private bool Stop(UciStop cause) => Fail(cause switch
    {
        UciStop.Closed => new UciHandleClosedException(_handle.Name),
        UciStop.Canceled => new UciCanceledException(_token),
        _ => new UciTimeoutException($"{_kind} on {_handle.Name} did not finish in the time given. Nothing was lost: what was not taken stays where it was."),
    });

    // The last close takes the channel down itself: an operation of the handle that it closed has been closed, no more.
    private bool Fail(UciFault fault) => _handle.IsClosed ? Stop(UciStop.Closed) : Fail(_session.ExceptionFor(fault));

    private bool Fail(Exception fault)
    {
        _fault = fault;
        return Finish();
    }

    /// <summary>Ends the work: nobody finds the operation any more, the turn is the next one's.</summary>
    private bool Finish()
    {
        if (_isTimed)
        {
            _ = _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _isTimed = false;
        }

        if (_isWatching)
        {
            _session.Watchers.Remove(this);
            _isWatching = false;
        }

        if (_hasTurn)
        {
            _hasTurn = false;
            Direction.Turn.Release();
        }

        _handle.Operations.Remove(this);

        // Waits for a callback that is running, so that it cannot reach the next use.
        UciWork.Unregister(_registration);
        _registration = default;
        return true;
    }

    private UciDirection Direction =>
        _kind is UciOperationKind.Read or UciOperationKind.Receive ? _session.Downlink! : _session.Uplink!;

    private void Recycle()
    {
        _source.Reset();
        _handle = null!;
        _session = null!;
        _data = default;
        _token = default;
        _fault = null;
        _isAsync = false;
        _isArmed = false;
        _count = 0;
        _packets = 0;
        _endOfMessage = false;
        _truncated = false;
        _pool.Return(this);
    }
}
