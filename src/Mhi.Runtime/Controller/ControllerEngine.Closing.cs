using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <content>Pausing, failing and closing channels, and what becomes of their memory.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    private protected override void BeginClose(ChannelPair pair, TimeSpan linger)
    {
        if (pair.IsClosing || _draining.Contains(pair))
        {
            return;
        }

        if (linger > TimeSpan.Zero && pair.Uplink is { OutstandingBuffers: > 0 } uplink && pair.Failure is null)
        {
            pair.DrainTarget = uplink.SubmittedBuffers;
            pair.DrainDeadline = After(linger);
            _draining.Add(pair);
            _timed = true;
            return;
        }

        Close(pair);
    }

    /// <summary>Goes on with every close whose queued data is out, or whose time is over.</summary>
    private int AdvanceDraining(long now)
    {
        int closed = 0;
        for (int i = _draining.Count - 1; i >= 0; i--)
        {
            ChannelPair pair = _draining[i];
            if (pair.Failure is not null || pair.Uplink!.CompletedBuffers >= pair.DrainTarget || now - pair.DrainDeadline >= 0)
            {
                _draining.RemoveAt(i);
                Close(pair);
                closed++;
            }
        }

        return closed;
    }

    private void Close(ChannelPair pair)
    {
        if (pair.IsClosing)
        {
            return;
        }

        pair.IsClosing = true;
        pair.TakeDown(new MhiFailure(MhiErrorCode.ChannelStopped, $"Channel {pair.Options.Name} of {Name} was closed.", pair.Options.Name));
        if (State == MhiControllerState.ShuttingDown)
        {
            // Its memory is the device's until that has stopped.
            return;
        }

        if (pair.Phase == ChannelPhase.Reset)
        {
            Settle(pair);
        }
        else if (pair.Phase != ChannelPhase.Resetting)
        {
            ResetDirections(pair);
        }
    }

    private protected override void BeginTakeDown(ChannelPair pair, MhiFailure failure)
    {
        pair.TakeDown(failure);
        if (pair.Phase is ChannelPhase.Running or ChannelPhase.Stopped)
        {
            ResetDirections(pair);
        }
    }

    private protected override void BeginSetRunning(ChannelPair pair, bool run, TaskCompletionSource done)
    {
        ChannelPhase from = run ? ChannelPhase.Stopped : ChannelPhase.Running;
        ChannelPhase to = run ? ChannelPhase.Running : ChannelPhase.Stopped;
        if (pair.Phase == to && pair.RunChange is null)
        {
            done.SetResult();
            return;
        }

        if (pair.Phase != from || pair.RunChange is not null)
        {
            done.SetException(pair.Failure?.ToException() ?? new MhiException(
                MhiErrorCode.ChannelBusy, $"Channel {pair.Options.Name} of {Name} is being opened, paused or closed. Wait for that to finish.", pair.Options.Name));
            return;
        }

        pair.RunChange = done;
        if (!run)
        {
            // Nothing is queued any more while the device stops.
            pair.Phase = ChannelPhase.Stopped;
        }

        ElementType command = run ? ElementType.StartChannel : ElementType.StopChannel;
        ChangeRunning(pair, command, pair.Uplink?.Profile, () =>
            ChangeRunning(pair, command, pair.Downlink?.Profile, () => FinishRunChange(pair, run)));
    }

    private void ChangeRunning(ChannelPair pair, ElementType type, ChannelProfile? profile, Action next)
    {
        if (profile is null)
        {
            next();
            return;
        }

        Send(type, profile.Number, (command, code) =>
        {
            if (pair.RunChange is null)
            {
                return;
            }

            if (code == CompletionCode.Success)
            {
                next();
                return;
            }

            pair.TakeDown(DescribeCommandFailure(command, profile, code));
            ResetDirections(pair);
        });
    }

    private void FinishRunChange(ChannelPair pair, bool run)
    {
        TaskCompletionSource? done = pair.RunChange;
        pair.RunChange = null;
        if (run)
        {
            pair.Phase = ChannelPhase.Running;
            RingEverything();
        }

        _ = done?.TrySetResult();
    }

    /// <summary>The device broke the protocol on one channel: that channel goes down, the others go on.</summary>
    private void FailChannel(ChannelPair pair, ChannelProfile profile, string what)
    {
        string direction = profile.Type == ChannelType.Outbound ? "uplink" : "downlink";
        pair.TakeDown(new MhiFailure(MhiErrorCode.ProtocolViolation, $"{Name} {what} (channel {profile.Number}, {profile.Name}, {direction}). The channel was stopped; close and reopen it.", profile.Name));
        ResetDirections(pair);
    }

    /// <summary>
    /// Takes the channel away from the device: RESET of downlink, then uplink, as the protocol orders it. A direction that was
    /// never started gets none: there are devices that do not answer it.
    /// </summary>
    private void ResetDirections(ChannelPair pair)
    {
        pair.Phase = ChannelPhase.Resetting;
        _running = Array.FindAll(_running, other => other != pair);
        RemoveRoutes(pair);
        ChannelProfile? uplink = (pair.StartedDirections & ChannelDirections.Uplink) == 0 ? null : pair.Uplink?.Profile;
        ChannelProfile? downlink = (pair.StartedDirections & ChannelDirections.Downlink) == 0 ? null : pair.Downlink?.Profile;
        ResetOne(pair, downlink, () => ResetOne(pair, uplink, () => FinishReset(pair)));
    }

    private void ResetOne(ChannelPair pair, ChannelProfile? profile, Action next)
    {
        if (profile is null)
        {
            next();
            return;
        }

        Send(ElementType.ResetChannel, profile.Number, (command, code) =>
        {
            if (pair.Phase != ChannelPhase.Resetting)
            {
                return;
            }

            // No answer: the device may still write to the buffers. A refusal says that it never ran the channel.
            pair.IsOwnedByDevice |= code == CompletionCode.Invalid;
            next();
        });
    }

    private void FinishReset(ChannelPair pair)
    {
        pair.Phase = ChannelPhase.Reset;
        ClearContext(pair.Uplink?.Profile);
        ClearContext(pair.Downlink?.Profile);
        if (pair.IsClosing)
        {
            Settle(pair);
        }

        BeginWaitingOpens(pair.Options.Name);
    }

    /// <summary>Ends a closed channel; its memory goes as soon as nobody can touch it.</summary>
    private void Settle(ChannelPair pair)
    {
        RemoveRoutes(pair);
        if (!_pairs.Remove(pair))
        {
            return;
        }

        pair.Release();
        _retired.Add(pair);
        _ = SweepRetired();
        _ = pair.Closed.TrySetResult();
    }

    /// <summary>Frees the memory of closed channels that nobody can touch any more.</summary>
    private int SweepRetired()
    {
        int freed = 0;
        for (int i = _retired.Count - 1; i >= 0; i--)
        {
            if (_retired[i].IsMemoryFree())
            {
                _function.FreeDma(_retired[i].Region);
                _retired.RemoveAt(i);
                freed++;
            }
        }

        return freed;
    }

    private void RemoveRoutes(ChannelPair pair)
    {
        for (int i = 0; i < _routes.Length; i++)
        {
            if (_routes[i] == pair)
            {
                _routes[i] = null;
                _uplinks[i] = null;
                _downlinks[i] = null;
            }
        }
    }

    private void ClearRoutes()
    {
        Array.Clear(_routes);
        Array.Clear(_uplinks);
        Array.Clear(_downlinks);
    }
}
