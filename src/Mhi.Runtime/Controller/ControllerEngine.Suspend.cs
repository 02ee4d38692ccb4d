using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>
/// Suspend to M3 and resume. From the request for M3 to the event of M0 no doorbell is written; in M3 no register is touched
/// at all. What is submitted meanwhile stays with its channel, what is commanded stays in the command ring.
/// </content>
internal sealed partial class ControllerEngine<TRegisters>
{
    private readonly List<TaskCompletionSource> _suspends = [];
    private readonly List<TaskCompletionSource> _resumes = [];

    // Follows the state; one plain field for the places that ring doorbells.
    private bool _isAtRest;

    private static bool IsRest(MhiControllerState state) =>
        state is MhiControllerState.Suspending or MhiControllerState.Suspended or MhiControllerState.Resuming;

    private protected override void BeginSuspend(TaskCompletionSource done)
    {
        if (State == MhiControllerState.MissionMode)
        {
            // What the device has completed already is not outstanding.
            _ = PollEvents();
        }

        switch (State)
        {
            case MhiControllerState.Suspended:
                done.SetResult();
                break;
            case MhiControllerState.Suspending:
                _suspends.Add(done);
                break;
            case MhiControllerState.MissionMode when FindSuspendObstacle() is { } obstacle:
                done.SetException(obstacle);
                break;
            case MhiControllerState.MissionMode:
                _suspends.Add(done);
                RequestSuspend();
                break;
            case MhiControllerState.Resuming:
                done.SetException(new MhiException(MhiErrorCode.Busy, $"{Name} cannot be suspended: it is being resumed. Ask again when it is in mission mode."));
                break;
            default:
                done.SetException(DescribeNotPoweredUp("suspended"));
                break;
        }
    }

    private protected override void BeginResume(TaskCompletionSource done)
    {
        if (State == MhiControllerState.MissionMode)
        {
            done.SetResult();
        }
        else if (IsRest(State))
        {
            // The poll at rest sees the wish.
            _resumes.Add(done);
        }
        else
        {
            done.SetException(DescribeNotPoweredUp("resumed"));
        }
    }

    private MhiException DescribeNotPoweredUp(string what) =>
        Failure?.ToException() ?? new MhiException(MhiErrorCode.NotPoweredUp, $"{Name} cannot be {what}: it is not in mission mode ({State}). Power the controller up first.");

    /// <summary>Says why the device must not be suspended now; null when it may.</summary>
    private MhiException? FindSuspendObstacle()
    {
        if ((Profile.Traits & ProfileTraits.NoM3) != 0)
        {
            return new MhiException(MhiErrorCode.NotSupported, $"{Name} cannot be suspended: devices of the family {Profile.Id} do not come back from M3. Power the controller down instead.");
        }

        if (_commands is { PendingCount: > 0 })
        {
            return new MhiException(MhiErrorCode.Busy, $"{Name} cannot be suspended: a channel is being opened, paused or closed. Wait for that to finish and ask again.");
        }

        foreach (ChannelPair pair in _pairs)
        {
            if (pair.Phase is ChannelPhase.Running or ChannelPhase.Stopped && pair.Uplink is { OutstandingBuffers: > 0 } uplink)
            {
                return new MhiException(
                    MhiErrorCode.Busy,
                    $"{Name} cannot be suspended: the device has not completed {uplink.OutstandingBuffers} uplink buffers of channel {pair.Options.Name}. Flush the channel and ask again.",
                    pair.Options.Name);
            }
        }

        return null;
    }

    private void RequestSuspend()
    {
        if (!TryReadLiveStatus(out _))
        {
            return;
        }

        // A device that is held awake would not stay in M3.
        HoldAwake(false);
        StartPhase(MhiControllerState.Suspending, Profile.Timeout);
        RequestState(MhiState.M3);
    }

    private void OnM3()
    {
        if (State != MhiControllerState.Suspending)
        {
            Counters.CountIgnoredEvent();
            return;
        }

        EndPhase(MhiControllerState.Suspended);
        Complete(_suspends, null);
    }

    /// <summary>The poll between the request for M3 and the return to M0.</summary>
    private int PollAtRest()
    {
        int done = 0;
        if (State == MhiControllerState.Suspended)
        {
            if (!IsResumeWanted())
            {
                return 0;
            }

            RequestResume();
            done++;
        }

        done += PollEvents();
        foreach (ChannelPair pair in _running)
        {
            pair.Uplink?.SignalCompletions();
            pair.Downlink?.SignalArrivals();
        }

        return done;
    }

    /// <summary>
    /// Whether anybody needs the device: a program that asks, a command, a submission of a channel that runs; or the device
    /// itself, which has sent an event.
    /// </summary>
    private bool IsResumeWanted()
    {
        if (_resumes.Count + _powerUps.Count + _powerDowns.Count != 0 || _commands is { PendingCount: > 0 })
        {
            return true;
        }

        foreach (ChannelPair pair in _running)
        {
            if (pair.Phase == ChannelPhase.Running && pair.Uplink is { OutstandingBuffers: > 0 })
            {
                return true;
            }
        }

        foreach (EventRing ring in _eventRings)
        {
            if (ring.HasMoved())
            {
                return true;
            }
        }

        return false;
    }

    private void RequestResume()
    {
        StartPhase(MhiControllerState.Resuming, Profile.Timeout);
        if (!TryReadLiveStatus(out uint status))
        {
            return;
        }

        if (StateOf(status) != MhiState.M3)
        {
            Fail(MhiErrorCode.ProtocolViolation, $"{Name} confirmed M3, but left it without being asked: MHISTATUS says 0x{status:x}. Power the controller up again; that resets the device.");
            return;
        }

        RequestState(MhiState.M0);
    }

    /// <summary>The device says that it is back in M0; its register must agree, for it moves before it tells.</summary>
    private void OnM0WhileResuming()
    {
        if (!TryReadLiveStatus(out uint status))
        {
            return;
        }

        // It may have gone idle again at once.
        if (StateOf(status) is not (MhiState.M0 or MhiState.M1 or MhiState.M2))
        {
            Fail(MhiErrorCode.ProtocolViolation, $"{Name} reported M0, but MHISTATUS says 0x{status:x}. Power the controller up again; that resets the device.");
            return;
        }

        // Commands sent meanwhile have their time from now on.
        _commands?.Restart(After(_commandTimeout));
        EndPhase(MhiControllerState.MissionMode);
        HoldAwake(true);
        RingEverything();
        Complete(_resumes, null);
        if (_powerDowns.Count != 0)
        {
            ShutDown();
        }
        else
        {
            Complete(_powerUps, null);
        }
    }

    /// <summary>Reads MHISTATUS of a device that must be alive, and fails the controller when it is not.</summary>
    private bool TryReadLiveStatus(out uint status)
    {
        if (!TryReadRegister(MhiRegisters.Status, out status))
        {
            return false;
        }

        if (!IsSystemError(status))
        {
            return true;
        }

        Fail(MhiErrorCode.SystemError, $"{Name} is in SYS_ERR (MHISTATUS 0x{status:x}): its firmware failed. Power the controller up again; that resets the device.", Inspect());
        return false;
    }

    private static MhiState StateOf(uint status) => (MhiState)((status & MhiRegisters.StateMask) >> MhiRegisters.StateShift);

    private static void Complete(List<TaskCompletionSource> requests, MhiFailure? failure)
    {
        foreach (TaskCompletionSource done in requests)
        {
            _ = failure is null ? done.TrySetResult() : done.TrySetException(failure.ToException());
        }

        requests.Clear();
    }
}
