using Mhi.Controller;

namespace Mhi.Uci;

/// <content>
/// The line of those who want the node open: whoever starts its channel in front, behind him those who wait for what comes of
/// that, or for a stop to end.
/// </content>
public sealed partial class UciNode
{
    // Guarded by _lock.
    private UciOpenRequest? _starter;
    private UciOpenRequest? _firstInLine;
    private UciOpenRequest? _lastInLine;

    /// <summary>Answers a request now, makes it start the channel, or lets it wait for whoever does.</summary>
    private void Enter(UciOpenRequest request)
    {
        UciSession? granted = null;
        bool isGone;
        bool starts = false;
        using (_lock.EnterScope())
        {
            isGone = _isGone;
            if (!isGone)
            {
                switch (_life)
                {
                    case UciNodeLife.Running:
                        _opens++;
                        granted = _session;
                        break;
                    case UciNodeLife.Stopped:
                        _life = UciNodeLife.Starting;
                        _starter = request;
                        starts = true;
                        break;
                    default:
                        JoinLine(request);
                        break;
                }
            }
        }

        if (isGone)
        {
            request.Fail(GoneException());
        }
        else if (granted is not null)
        {
            request.Grant(new UciHandle(this, granted, request.Options));
        }
        else if (starts)
        {
            Start();
        }
    }

    /// <summary>Takes back a request that nobody has answered.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Whether the caller is the one to answer it; false when it has its answer, or is getting it now.</returns>
    internal bool TryAbandon(UciOpenRequest request)
    {
        ChannelOpening? unwanted = null;
        using (_lock.EnterScope())
        {
            if (_starter == request)
            {
                _starter = null;
            }
            else if (!LeaveLine(request))
            {
                return false;
            }

            // Somebody in line may want what is being started: who waits gets it, or tries for himself if it fails.
            if (_life == UciNodeLife.Starting && _starter is null && _firstInLine is null)
            {
                _life = UciNodeLife.Stopping;
                unwanted = _opening;
            }
        }

        unwanted?.Abort();
        return true;
    }

    // The rest is called under the lock.

    /// <summary>Empties the line, the starter first.</summary>
    /// <returns>The first, and through <see cref="UciOpenRequest.Next"/> the others.</returns>
    private UciOpenRequest? TakeEverybody()
    {
        UciOpenRequest? everybody = _firstInLine;
        if (_starter is { } starter)
        {
            starter.Next = everybody;
            everybody = starter;
        }

        _starter = null;
        _firstInLine = null;
        _lastInLine = null;
        return everybody;
    }

    private void JoinLine(UciOpenRequest request)
    {
        if (_lastInLine is null)
        {
            _firstInLine = request;
        }
        else
        {
            _lastInLine.Next = request;
        }

        _lastInLine = request;
    }

    private UciOpenRequest? TakeFromLine()
    {
        UciOpenRequest? first = _firstInLine;
        if (first is not null)
        {
            _firstInLine = first.Next;
            first.Next = null;
            if (_firstInLine is null)
            {
                _lastInLine = null;
            }
        }

        return first;
    }

    private bool LeaveLine(UciOpenRequest request)
    {
        UciOpenRequest? previous = null;
        for (UciOpenRequest? at = _firstInLine; at is not null; previous = at, at = at.Next)
        {
            if (at != request)
            {
                continue;
            }

            if (previous is null)
            {
                _firstInLine = request.Next;
            }
            else
            {
                previous.Next = request.Next;
            }

            if (_lastInLine == request)
            {
                _lastInLine = previous;
            }

            request.Next = null;
            return true;
        }

        return false;
    }
}
