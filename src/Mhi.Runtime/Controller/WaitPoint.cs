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
    /// <summary>Amount that ends every wait: what was waited for will not come.</summary>
    internal const uint Never = uint.MaxValue;

    private const int Idle = 0;
    private const int Awaited = 1;

    private readonly Parker _parker = new();
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private int _state;
    private uint _needed;

    /// <summary>Version of the current asynchronous wait, for the value task made over it.</summary>
    internal short Version => _source.Version;

    /// <inheritdoc/>
    public bool GetResult(short token)
    {
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
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    /// <summary>Poll thread: what the client waits for may have become true.</summary>
    /// <param name="available">How much of it there is now, or <see cref="Never"/>.</param>
    internal void Signal(uint available)
    {
        _parker.Wake();
        if (Volatile.Read(ref _state) != Idle)
        {
            SignalAwaiting(available);
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
    /// <param name="needed">How much must be available before the wait ends.</param>
    internal void AnnounceAwait(uint needed)
    {
        Volatile.Write(ref _needed, needed);
        Volatile.Write(ref _state, Awaited);

        // Pairs with the poll thread's load of _state in Signal, which has no fence of its own.
        Interlocked.MemoryBarrierProcessWide();
    }

    /// <summary>Client, awaiting: takes the announcement back.</summary>
    /// <returns>False when the wait has ended already: the value task over this source must then be returned.</returns>
    internal bool TryWithdrawAwait() => Interlocked.CompareExchange(ref _state, Idle, Awaited) == Awaited;

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

    private void SignalAwaiting(uint available)
    {
        if (available >= Volatile.Read(ref _needed) && TryWithdrawAwait())
        {
            _source.SetResult(available != Never);
        }
    }

    private void Cancel()
    {
        if (TryWithdrawAwait())
        {
            _source.SetException(new OperationCanceledException(_token));
        }
    }
}
