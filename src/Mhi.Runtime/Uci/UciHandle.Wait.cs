using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <content>Waiting for readiness and for the device to have everything.</content>
public sealed partial class UciHandle
{
    /// <summary>What the handle is ready for now. Consumes nothing and does not block.</summary>
    /// <returns>The events, limited to what the handle's access and the node's directions allow.</returns>
    /// <exception cref="UciHandleClosedException">The handle is closed.</exception>
    public UciPollEvents Poll()
    {
        UciPollEvents events = Session.EventsFor(this);
        ThrowIfClosed();
        return events;
    }

    /// <summary>
    /// Bytes that have arrived and were not read, over all messages, as FIONREAD tells them. Consumes nothing and does not
    /// block.
    /// </summary>
    /// <returns>Their number; what another handle of the node reads first is gone. 0 without a downlink or without access to it.</returns>
    /// <exception cref="UciHandleClosedException">The handle is closed.</exception>
    public int CountUnread()
    {
        ThrowIfClosed();

        // A reader that waits has the turn, and there is nothing then.
        if ((Access & UciAccess.Read) == 0 || Session.Downlink is not { } direction || !TryTakeTurn(direction))
        {
            return 0;
        }

        int unread = Session.Pair.Downlink!.CountUnread();
        direction.Turn.Release();
        return unread;
    }

    /// <summary>Blocks until the handle is ready for something wanted, or an error or hang-up is there.</summary>
    /// <param name="wanted">The events; errors and hang-ups are always wanted. An absent direction is never ready.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events that are there; none when the time is over.</returns>
    /// <exception cref="UciHandleClosedException">The handle is closed, or was meanwhile.</exception>
    public UciPollEvents Poll(UciPollEvents wanted, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        if (IsReady(wanted, timeout, cancellationToken, out UciPollEvents ready))
        {
            return ready;
        }

        UciOperation operation = Begin(UciOperationKind.Poll, timeout, cancellationToken);
        operation.Want(wanted);
        while (!operation.Advance(default))
        {
            operation.Sleep();
        }

        return operation.Take().Events;
    }

    /// <summary>Waits until the handle is ready for something wanted, or an error or hang-up is there.</summary>
    /// <param name="wanted">The events; errors and hang-ups are always wanted.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events that are there; none when the time is over.</returns>
    public ValueTask<UciPollEvents> PollAsync(UciPollEvents wanted, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WatchAsync(UciOperationKind.Poll, wanted, timeout, cancellationToken);

    /// <summary>
    /// Waits for something to happen, whatever is ready already: a packet arrives, a descriptor becomes free, a fault. What
    /// happens after this call has returned is never missed, so look at <see cref="Poll()"/> after it, not before.
    /// </summary>
    /// <param name="interest">What to listen to: In, Out or both.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The events that are there then. May complete although nothing has changed.</returns>
    public ValueTask<UciPollEvents> NextChangeAsync(UciPollEvents interest, CancellationToken cancellationToken = default) =>
        WatchAsync(UciOperationKind.Change, interest, timeout: null, cancellationToken);

    /// <summary>Blocks until the device has completed everything queued on the node before.</summary>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up waiting; the data stays queued.</param>
    /// <exception cref="UciIOException">The device is gone, the channel was reset, or data written since this handle's last flush
    /// was lost on the device's side.</exception>
    /// <exception cref="UciTimeoutException">The time is over.</exception>
    public void Flush(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = CheckWritable(timeout, cancellationToken);
        if (IsFlushed(out UciIOException? lost))
        {
            if (lost is not null)
            {
                throw lost;
            }

            return;
        }

        UciOperation operation = BeginFlush(timeout, cancellationToken);
        while (!operation.Advance(default))
        {
            operation.Sleep();
        }

        _ = operation.Take();
    }

    /// <summary>Waits until the device has completed everything queued on the node before.</summary>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up waiting; the data stays queued.</param>
    /// <returns>Completes then, or fails as <see cref="Flush"/> does.</returns>
    public ValueTask FlushAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            _ = CheckWritable(timeout, cancellationToken);
            if (IsFlushed(out UciIOException? lost))
            {
                return lost is null ? default : throw lost;
            }

            UciOperation operation = BeginFlush(timeout, cancellationToken);
            if (!StartAsync(operation, default, default, out short version))
            {
                return new ValueTask(operation, version);
            }

            _ = operation.Take();
            return default;
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask(UciTask.Failed<bool>(exception));
        }
    }

    // What need not wait enters no queue and takes no lock. Whatever else there is to say, the operation says.
    private bool IsReady(UciPollEvents wanted, TimeSpan? timeout, CancellationToken token, out UciPollEvents ready)
    {
        ready = Session.EventsFor(this) & (wanted | UciPollEvents.Error | UciPollEvents.HangUp);
        return ready != UciPollEvents.None && !IsClosed && !token.IsCancellationRequested && timeout is not { Ticks: < 0 };
    }

    // The target is read first: what is submitted later is not this flush's.
    private bool IsFlushed(out UciIOException? lost)
    {
        UplinkPort port = Session.Pair.Uplink!;
        ulong target = port.SubmittedBuffers;
        bool isFlushed = (long)(port.CompletedBuffers - target) >= 0;
        ulong failed = isFlushed ? TakeFailures() : 0;
        lost = failed == 0 ? null : Session.ExceptionForLostData(failed);
        return isFlushed;
    }

    private UciOperation BeginFlush(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        UciOperation operation = Begin(UciOperationKind.Flush, timeout, cancellationToken);
        operation.FlushUpTo(Session.Pair.Uplink!.SubmittedBuffers);
        return operation;
    }

    private ValueTask<UciPollEvents> WatchAsync(UciOperationKind kind, UciPollEvents events, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        try
        {
            ThrowIfClosed();
            if (kind == UciOperationKind.Poll && IsReady(events, timeout, cancellationToken, out UciPollEvents ready))
            {
                return new ValueTask<UciPollEvents>(ready);
            }

            UciOperation operation = Begin(kind, timeout, cancellationToken);
            operation.Want(events);
            return StartAsync(operation, default, default, out short version)
                ? new ValueTask<UciPollEvents>(operation.Take().Events)
                : new ValueTask<UciPollEvents>(operation, version);
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask<UciPollEvents>(UciTask.Failed<UciPollEvents>(exception));
        }
    }
}
