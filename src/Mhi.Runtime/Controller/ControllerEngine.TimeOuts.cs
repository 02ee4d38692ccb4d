using Mhi.Protocol;

namespace Mhi.Controller;

/// <content>A phase that took too long: what was seen, what that means, what to do.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    /// <inheritdoc/>
    public override DeviceSnapshot Inspect() => DeviceSnapshot.Read(_registers, _function.RegisterLength, State);

    private void OnPhaseTimedOut()
    {
        if (State == MhiControllerState.ShuttingDown)
        {
            FinishShutdown();
            return;
        }

        // The loop slept until now, and what it waited for may have been written meanwhile.
        DeviceSnapshot seen = Inspect() with { HasUnseenEvent = WaitsForEvent(State) && _eventRings[0].HasMoved() };
        MhiErrorCode code = seen.Status == MhiRegisters.LinkDown ? MhiErrorCode.DeviceRemoved
            : seen.HasUnseenEvent ? MhiErrorCode.NoInterrupts
            : IsRest(State) && seen.IsSystemError ? MhiErrorCode.SystemError
            : State == MhiControllerState.WaitingForFirmware ? MhiErrorCode.WrongExecutionEnvironment
            : MhiErrorCode.NotReady;
        Fail(code, $"{Name} {Describe(State)} ({seen}). {seen.Meaning} {seen.Advice}", seen);
    }

    private static bool WaitsForEvent(MhiControllerState state) => state is MhiControllerState.WaitingForM0
        or MhiControllerState.WaitingForMissionMode or MhiControllerState.Suspending or MhiControllerState.Resuming;

    private string Describe(MhiControllerState state)
    {
        bool slow = state is MhiControllerState.WaitingForFirmware or MhiControllerState.WaitingForReady;
        string time = $"within {(slow ? _readyTimeout : Profile.Timeout).TotalSeconds:0.###} s";
        return state switch
        {
            MhiControllerState.WaitingForFirmware => $"did not start its mission firmware {time}",
            MhiControllerState.Resetting => $"did not finish its MHI reset {time}",
            MhiControllerState.WaitingForReady => $"did not enter READY {time}",
            MhiControllerState.WaitingForM0 => $"did not confirm M0 on event ring 0 {time}",
            MhiControllerState.Suspending => $"did not confirm M3 on event ring 0 {time} of being asked to suspend",
            MhiControllerState.Resuming => $"did not confirm M0 on event ring 0 {time} of being asked to resume",
            _ => $"reached M0 but did not report its execution environment {time}",
        };
    }
}
