namespace Mhi.Controller;

/// <content>The data poll: what moves packets while channels run.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    /// <summary>Moves data of every running channel: one publication and one doorbell per direction and batch.</summary>
    private int PollChannels()
    {
        uint done = 0;
        foreach (ChannelPair pair in _running)
        {
            bool queues = pair.Phase == ChannelPhase.Running;
            if (pair.Uplink is { } uplink)
            {
                uplink.SignalCompletions();
                uint queued = queues ? uplink.Queue() : 0;
                if (queued != 0)
                {
                    done += queued;
                    if (uplink.TakeDoorbell())
                    {
                        RingChannelDoorbell(uplink.Profile.Number, uplink.Ring);
                    }
                }
            }

            if (pair.Downlink is { } downlink)
            {
                downlink.SignalArrivals();
                uint queued = queues ? downlink.Queue() : 0;
                if (queued != 0)
                {
                    done += queued;
                    if (downlink.TakeDoorbell())
                    {
                        RingChannelDoorbell(downlink.Profile.Number, downlink.Ring);
                    }
                }
            }
        }

        return (int)done;
    }
}
