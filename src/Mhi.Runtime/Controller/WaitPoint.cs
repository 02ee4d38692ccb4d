using System;
using System.Threading;
using System.Threading.Tasks.Sources;
using Mhi.Interop.Threading;

namespace Mhi.Controller;

/// <summary>
/// Where the client of one direction waits, blocked or awaiting, for the poll thread to make something true. A signal
/// that nobody waits for costs two loads. The result of an asynchronous wait is false when it ended for good.
/// </summary>
/// <remarks>
/// One client waits at a time; signals come from the poll thread, cancellation from anywhere. Nothing is lost between
/// the last look at the condition and the wait: see <see cref="Parker"/>, whose barrier the awaiting form uses too.
/// </remarks>
internal sealed class WaitPoint : IValueTaskSource<bool>
{
    private const int Idle = 0;

    private readonly Parker _parker = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;

    // Idle, or the number of the wait that is announced: a decision made about one wait never ends the next.
    private int _state;
    private int _waits;

    // Client's own: a wait whose result has not been taken. The source can serve no second one before that.
    private bool _isPending;

    private WaitListener? _listener;
    private bool _isListening;

    /// <summary>Version of the current asynchronous wait, for the value task made over it.</summary>
    internal short Version => _source.Version;

    /// <inheritdoc/>
    public bool GetResult(short token)
    {
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The operation has not completed. Await it, or use the blocking form.");
        }

        // Waits for a cancellation callback that is running, so that it cannot hit the next wait.
        _cancellation.Dispose();
        _cancellation = default;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            _isPending = false;
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>
    /// Poll thread: what the client waits for may have become true. Wakes a blocked client, who looks for himself.
    /// </summary>
    /// <returns>
    /// The number of the wait of a client that awaits, else 0. The caller then looks at the condition, after this call and
    /// not before: only then does it see everything the client had done when it began to wait. If the condition holds, it
    /// calls <see cref="Complete"/>.
    /// </returns>
    internal int Wake()
    {
        _parker.Wake();
        SchedulePoint.HitInside();
        if (Volatile.Read(ref _isListening))
        {
            _listener!.OnSignal(this);
        }

        return Volatile.Read(ref _state);
    }

    /// <summary>Client, once, before the first wait: who hears the signals instead of a single client.</summary>
    /// <param name="listener">The listener.</param>
    internal void Attach(WaitListener listener) => _listener = listener;

    /// <summary>
    /// Any thread: the listener wants to hear the next signal. The condition must be looked at once more afterwards.
    /// </summary>
    internal void Listen()
    {
        LockRules.EnterCore();
        Volatile.Write(ref _isListening, true);

        // Pairs with the poll thread's load in Wake, which has no fence of its own. See Parker.
        Interlocked.MemoryBarrierProcessWide();
    }

    /// <summary>
    /// Poll thread, in <see cref="WaitListener.OnSignal"/>: the signal is taken. Whoever listens again afterwards is heard;
    /// whoever did before has made himself known already, because the exchange is a full fence.
    /// </summary>
    internal void TakeSignal() => _ = Interlocked.Exchange(ref _isListening, false);

    /// <summary>Poll thread: ends a wait, unless it has ended already.</summary>
    /// <param name="wait">Its number, from <see cref="Wake"/>.</param>
    /// <param name="isDown">Whether what was waited for will never come.</param>
    internal void Complete(int wait, bool isDown)
    {
        if (wait != Idle && TryEnd(wait))
        {
            _source.SetResult(!isDown);
        }
    }

    /// <summary>Client, blocking: announces the wait. The condition must be looked at once more before <see cref="Park"/>.</summary>
    internal void Announce() => _parker.Announce();

    /// <summary>Client, blocking: sleeps until signalled or until the time is over.</summary>
    /// <param name="timeout">Longest sleep.</param>
    internal void Park(TimeSpan timeout) => _parker.Park(timeout);

    /// <summary>Client, blocking: the condition is true after all.</summary>
    internal void Withdraw() => _parker.Withdraw();

    /// <summary>Client, awaiting: announces the wait. The condition must be looked at once more.</summary>
    /// <exception cref="InvalidOperationException">An earlier wait was never awaited.</exception>
    internal void AnnounceAwait()
    {
        if (_isPending)
        {
            throw new InvalidOperationException("An earlier asynchronous operation of this direction is still pending or was never awaited. Await every operation before the next.");
        }

        _isPending = true;
        _waits = _waits == int.MaxValue ? 1 : _waits + 1;
        Volatile.Write(ref _state, _waits);

        // Pairs with the poll thread's load of _state in Wake, which has no fence of its own.
        Interlocked.MemoryBarrierProcessWide();
    }

    /// <summary>Client, awaiting: takes the announcement back.</summary>
    /// <returns>False when the wait has ended already: the value task over this source must then be returned.</returns>
    internal bool TryWithdrawAwait()
    {
        if (!TryEnd(_waits))
        {
            return false;
        }

        _isPending = false;
        return true;
    }

    /// <summary>Client, awaiting: lets a token end the wait. Call after the last look at the condition.</summary>
    /// <param name="token">The token.</param>
    internal void CancelOn(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            _token = token;
            _cancellation = token.UnsafeRegister(static self => ((WaitPoint)self!).Cancel(), this);
        }
    }

    private void Cancel()
    {
        // The registration is disposed before the next wait begins, so this is the wait it was made for.
        if (TryEnd(_waits))
        {
            _source.SetException(new OperationCanceledException(_token));
        }
    }

    private bool TryEnd(int wait) => Interlocked.CompareExchange(ref _state, Idle, wait) == wait;
}
