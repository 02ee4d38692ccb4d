using System.Threading.Tasks;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <content>Orderly power-down: channels down, MHI reset, end of DMA.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    private protected override void BeginPowerDown(TaskCompletionSource done)
    {
        if (State is MhiControllerState.Off or MhiControllerState.Failed)
        {
            // A failed controller has stopped its device already.
            Failure = null;
            SetState(MhiControllerState.Off);
            done.SetResult();
            return;
        }

        _powerDowns.Add(done);
        if (State == MhiControllerState.ShuttingDown)
        {
            return;
        }

        var failure = new MhiFailure(MhiErrorCode.ChannelStopped, $"{Name} was powered down.");
        foreach (TaskCompletionSource powerUp in _powerUps)
        {
            _ = powerUp.TrySetException(failure.ToException());
        }

        _powerUps.Clear();
        foreach (ChannelPair pair in _pairs)
        {
            // A channel that was still opening has no client who would close it.
            pair.IsClosing |= pair.Phase == ChannelPhase.Opening;
            pair.TakeDown(failure);
            pair.Phase = ChannelPhase.Reset;
        }

        _running = [];
        ClearRoutes();
        if (_controlRegion is not null)
        {
            HoldAwake(false);
        }

        StartPhase(MhiControllerState.ShuttingDown, Profile.Timeout);
        RequestReset();
        AwaitShutdown();
    }

    private void AwaitShutdown()
    {
        // All ones count as stopped: a device that has left cannot finish its reset.
        uint control = _registers.Read(MhiRegisters.Control);
        if (control == MhiRegisters.LinkDown || (control & MhiRegisters.ControlReset) == 0)
        {
            _registers.Write(_bhi + BhiRegisters.InterruptVector, 0);
            FinishShutdown();
        }
    }

    private void FinishShutdown()
    {
        StopDevice();
        TakeDownAll(new MhiFailure(MhiErrorCode.ChannelStopped, $"{Name} was powered down."));
        EndPhase(MhiControllerState.Off);
        CompletePower(null);
    }
}
