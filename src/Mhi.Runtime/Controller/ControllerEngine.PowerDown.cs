using System.Threading;
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

        // A device at rest is resumed first: in M3 it cannot be told to reset.
        if (State != MhiControllerState.ShuttingDown && !_isAtRest)
        {
            ShutDown();
        }
    }

    private void ShutDown()
    {
        var failure = new MhiFailure(MhiErrorCode.ChannelStopped, $"{Name} was powered down.");
        Complete(_powerUps, failure);

        // The state is there before a client finds its channel down, and the observers are told when all are.
        Volatile.Write(ref _state, (int)MhiControllerState.ShuttingDown);
        FailWaitingOpens(failure);
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
        var failure = new MhiFailure(MhiErrorCode.ChannelStopped, $"{Name} was powered down.");
        StopDevice();
        Volatile.Write(ref _state, (int)MhiControllerState.Off);
        TakeDownAll(failure);
        EndPhase(MhiControllerState.Off);
        CompletePower(failure);
    }
}
