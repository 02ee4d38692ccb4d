using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <content>
/// Start and stop, decided under one lock: who starts the channel, who stops it, what a failure or a removal means. Nothing is
/// called under the lock; what was decided is done after it.
/// </content>
public sealed partial class UciNode
{
    // All guarded by _lock.
    private UciNodeLife _life;
    private int _opens;
    private ChannelOpening? _opening;
    private UciSession? _session;
    private UciCounters _earlier;

    /// <summary>One handle is closed.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="left">Completes at once, or for the last handle when the channel is stopped; null when nobody waits.</param>
    internal void Leave(UciSession session, TaskCompletionSource? left)
    {
        bool isLast;
        using (_lock.EnterScope())
        {
            isLast = --_opens == 0;
            if (isLast)
            {
                _life = UciNodeLife.Stopping;
            }
        }

        if (isLast)
        {
            _ = Stop(session, left);
        }
        else
        {
            left?.SetResult();
        }
    }

    /// <summary>The device is gone: nothing new begins. Any thread; <see cref="Retire"/> follows.</summary>
    internal void MarkGone() => Volatile.Write(ref _isGone, true);

    /// <summary>
    /// The device is gone: takes the channel away from it, and lets nobody wait here any more; handles only deliver what had
    /// arrived.
    /// </summary>
    internal void Retire()
    {
        UciOpenRequest? waiting;
        UciSession? session;
        ChannelOpening? unwanted = null;
        using (_lock.EnterScope())
        {
            MarkGone();
            session = _session;
            waiting = TakeEverybody();
            if (_life == UciNodeLife.Starting)
            {
                _life = UciNodeLife.Stopping;
                unwanted = _opening;
            }
        }

        if (session is not null)
        {
            Controller.TakeChannelDown(session.Pair, new MhiFailure(MhiErrorCode.DeviceRemoved, $"The node {Name} was withdrawn.", ChannelName));
        }

        unwanted?.Abort();
        while (waiting is not null)
        {
            UciOpenRequest request = waiting;
            waiting = request.Next;
            request.Fail(GoneException());
        }

        session?.SignalEverybody();
    }

    /// <summary>Poll thread: the controller's state has changed, and with it perhaps what a fault means.</summary>
    internal void OnControllerChanged() => Volatile.Read(ref _session)?.SignalEverybody();

    private void Start()
    {
        // Known before it begins: whoever gives it up from now on does so before a successor's opening can begin.
        var opening = new ChannelOpening(Controller, Options);
        bool isWanted;
        using (_lock.EnterScope())
        {
            isWanted = _life == UciNodeLife.Starting;
            _opening = isWanted ? opening : null;
        }

        if (!isWanted)
        {
            EndStop();
            return;
        }

        try
        {
            Controller.BeginOpenChannel(opening);
        }
        catch (ObjectDisposedException)
        {
            EndStart(GoneException());
            return;
        }

        _ = OnceStarted(opening);
    }

    private async Task OnceStarted(ChannelOpening opening)
    {
        try
        {
            await UciWork.EndOf(opening.Task);
            ChannelPair pair = await opening.Task.ConfigureAwait(false);
            if (!TryRun(new UciSession(this, pair)))
            {
                opening.Abort();
                await UciWork.EndOf(opening.Finished);
                EndStop();
            }
        }
        catch (MhiException exception)
        {
            // The next start may begin only when nothing is left of this one.
            await UciWork.EndOf(opening.Finished);
            EndStart(IsGone || UciSession.IsLoss(Controller.State) ? GoneException() : ExceptionFor(exception));
        }
    }

    /// <summary>The channel runs: everybody in line gets a handle.</summary>
    /// <returns>False when nobody wants one any more.</returns>
    private bool TryRun(UciSession session)
    {
        UciOpenRequest? granted;
        using (_lock.EnterScope())
        {
            _opening = null;
            if (_life != UciNodeLife.Starting)
            {
                return false;
            }

            granted = TakeEverybody();
            for (UciOpenRequest? request = granted; request is not null; request = request.Next)
            {
                _opens++;
            }

            Volatile.Write(ref _session, session);
            _life = UciNodeLife.Running;
        }

        while (granted is not null)
        {
            UciOpenRequest request = granted;
            granted = request.Next;
            request.Grant(new UciHandle(this, session, request.Options));
        }

        return true;
    }

    /// <summary>A start has failed: whoever started is told if he still waits, and the next in line tries for himself.</summary>
    private void EndStart(Exception reason)
    {
        UciOpenRequest? failed;
        bool starts;
        using (_lock.EnterScope())
        {
            _opening = null;
            failed = _starter;
            starts = TryLetNextStart();
        }

        failed?.Fail(reason);
        if (starts)
        {
            Start();
        }
    }

    private async Task Stop(UciSession session, TaskCompletionSource? left)
    {
        await UciWork.EndOf(Controller.CloseChannelAsync(session.Pair, IsGone ? TimeSpan.Zero : _linger));
        using (_lock.EnterScope())
        {
            _earlier = session.CountEnd(_earlier);
            Volatile.Write(ref _session, null);
        }

        EndStop();
        left?.SetResult();
    }

    private void EndStop()
    {
        bool starts;
        using (_lock.EnterScope())
        {
            starts = TryLetNextStart();
        }

        if (starts)
        {
            Start();
        }
    }

    // Under the lock.
    private bool TryLetNextStart()
    {
        _starter = TakeFromLine();
        _life = _starter is null ? UciNodeLife.Stopped : UciNodeLife.Starting;
        return _starter is not null;
    }

    private UciNodeNotFoundException GoneException() => new($"The device of {Name} is gone, and its node with it. List the nodes that are there.");

    private Exception ExceptionFor(MhiException cause) => cause.Code switch
    {
        // Stopped by nobody here: the controller is powered down or disposed, and the node withdrawn in a moment.
        MhiErrorCode.DeviceRemoved or MhiErrorCode.ChannelStopped => GoneException(),
        MhiErrorCode.WrongExecutionEnvironment => new UciChannelDownException(cause.Message, cause),
        MhiErrorCode.ChannelNotFound => new UciNodeNotFoundException(cause.Message, cause),
        MhiErrorCode.NotSupported => new UciNotSupportedException(cause.Message, cause),
        _ => new UciIOException(cause.ErrorCode, cause.Message, cause),
    };
}
