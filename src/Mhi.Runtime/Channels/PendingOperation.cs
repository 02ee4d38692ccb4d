using System;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>
/// The one asynchronous operation of its kind that can be pending on a channel: reused, so that pending allocates
/// nothing. The wait ends on the poll thread; the operation itself happens on the thread that takes the result.
/// </summary>
/// <typeparam name="TResult">What the operation returns.</typeparam>
internal abstract class PendingOperation<TResult>(WaitPoint wait) : IValueTaskSource<TResult>, IValueTaskSource
{
    /// <summary>Where the operation waits.</summary>
    protected WaitPoint Wait { get; } = wait;

    /// <inheritdoc/>
    public TResult GetResult(short token)
    {
        _ = Wait.GetResult(token);
        return Finish();
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => Wait.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Wait.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Goes on after the wait was announced.</summary>
    /// <param name="isDue">Whether a look after the announcement found nothing left to wait for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The operation's task.</returns>
    protected ValueTask<TResult> Begin(bool isDue, CancellationToken cancellationToken) =>
        TryEndAtOnce(isDue, cancellationToken) ? FinishNow() : new ValueTask<TResult>(this, Wait.Version);

    /// <summary>The same for an operation without a result.</summary>
    /// <param name="isDue">Whether a look after the announcement found nothing left to wait for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The operation's task.</returns>
    protected ValueTask BeginVoid(bool isDue, CancellationToken cancellationToken)
    {
        if (!TryEndAtOnce(isDue, cancellationToken))
        {
            return new ValueTask(this, Wait.Version);
        }

        ValueTask<TResult> finished = FinishNow();
        return finished.IsCompletedSuccessfully ? default : new ValueTask(finished.AsTask());
    }

    /// <summary>Does what was waited for.</summary>
    /// <returns>The result.</returns>
    protected abstract TResult Finish();

    // When the announcement cannot be taken back, the poll thread has ended the wait already: its result must be used.
    private bool TryEndAtOnce(bool isDue, CancellationToken cancellationToken)
    {
        if (isDue)
        {
            return Wait.TryWithdrawAwait();
        }

        Wait.CancelOn(cancellationToken);
        return false;
    }

    private ValueTask<TResult> FinishNow()
    {
        try
        {
            return new ValueTask<TResult>(Finish());
        }
        catch (Exception exception) when (exception is MhiException or InvalidOperationException)
        {
            return ValueTask.FromException<TResult>(exception);
        }
    }
}
