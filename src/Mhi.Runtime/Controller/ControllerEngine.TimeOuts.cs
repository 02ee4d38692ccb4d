using Mhi.Protocol;

namespace Mhi.Controller;

/// <content>A phase that took too long: what was seen, what that means, what to do.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    private DeviceSnapshot Snapshot() => DeviceSnapshot.Read(_registers, _function.RegisterLength, State);

    private void OnPhaseTimedOut()
    {
        if (State == MhiControllerState.ShuttingDown)
        {
            FinishShutdown();
            return;
        }

        DeviceSnapshot seen = Snapshot();
        if (seen.Status == MhiRegisters.LinkDown)
        {
            Fail(MhiErrorCode.DeviceRemoved, $"{Name} {Describe(State)} ({seen}): the device has left the bus. Check power, slot and link, then power the controller up again.", seen);
            return;
        }

        // The loop slept until now, and what it waited for has been written meanwhile.
        if (WaitsForEvent(State) && _eventRings[0].HasMoved())
        {
            string ring = Vectors.Length > _eventRings.Length ? "vector 1" : "vector 0";
            Fail(
                MhiErrorCode.NoInterrupts,
                $"{Name} {Describe(State)} by interrupt ({seen}), but its event lies in event ring 0: the device works and {ring} of its {Vectors.Length} does not reach this process. Check that interrupt remapping is on and that the device may raise MSI.",
                seen);
            return;
        }

        MhiErrorCode code = IsRest(State) && seen.IsSystemError ? MhiErrorCode.SystemError
            : State == MhiControllerState.WaitingForFirmware ? MhiErrorCode.WrongExecutionEnvironment
            : MhiErrorCode.NotReady;
        Fail(code, $"{Name} {Describe(State)} ({seen}). {Advise(seen)}", seen);
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

    private static string Advise(DeviceSnapshot seen) => seen.Phase switch
    {
        MhiControllerState.WaitingForFirmware =>
            $"{ProtocolWords.MeaningOf(seen.Environment ?? uint.MaxValue)} {ProtocolWords.AdviceFor(seen.Environment ?? uint.MaxValue)}",
        MhiControllerState.Resetting => "The firmware does not serve its MHI any more. Power-cycle the device.",
        MhiControllerState.WaitingForReady when seen.IsSystemError =>
            "The firmware failed, and a reset of its MHI did not bring it back. Power-cycle the device.",
        MhiControllerState.WaitingForReady =>
            "The firmware runs but its MHI side does not start: it is still booting, or waits for a reset that the host cannot do over MHI. Reset the function or power-cycle the device, and allow more time if it starts slowly.",
        MhiControllerState.WaitingForM0 when seen.State == MhiState.M0 =>
            "MHISTATUS shows M0, so the device took the request, but its DMA does not reach host memory: check bus mastering and the IOMMU, and look for IOMMU faults in the kernel log.",
        MhiControllerState.WaitingForM0 => "The device does not react to what the host writes to MHICTRL. Reset the function or power-cycle the device.",
        MhiControllerState.Suspending or MhiControllerState.Resuming =>
            "Power the controller up again, which resets the device, and do not suspend it with this firmware.",
        _ => "Reset the device and try again.",
    };
}
