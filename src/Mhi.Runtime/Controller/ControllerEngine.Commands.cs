using System;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>Commands: sending, answers, time-outs; and the doorbells.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    /// <summary>
    /// Sends a command. <paramref name="completed"/> runs in a later poll, unless the device is given up on first: then
    /// every channel has been taken down.
    /// </summary>
    private void Send(ElementType type, byte channel, Action<PendingCommand, CompletionCode> completed)
    {
        if (_commands is null)
        {
            // The device has stopped, and every channel with it.
            return;
        }

        if (!_commands.TryEnqueue(new PendingCommand(type, channel, After(_commandTimeout), completed)))
        {
            Fail(MhiErrorCode.CommandTimedOut, $"{Name} has taken none of the last {CommandRing.ElementCount - 1} commands: its command ring is full. Power the controller up again; that resets the device.");
            return;
        }

        // At rest the command waits in its ring, and the poll asks for the device's return.
        _timed = true;
        if (!_isAtRest)
        {
            WritePair(MhiRegisters.CommandDoorbell, _commands.WritePointer);
        }
    }

    private void OnCommandCompletion(RingElement element)
    {
        PendingCommand? command = _commands?.TryComplete(element.Address);
        if (command is null)
        {
            Counters.CountLateCommandCompletion();
            return;
        }

        // Code 0 is never valid in an event and stands for "no answer" inside the host.
        CompletionCode code = element.Code == CompletionCode.Invalid ? CompletionCode.UndefinedError : element.Code;
        command.Completed(command, code);
    }

    /// <summary>Says in words why a command failed.</summary>
    private MhiFailure DescribeCommandFailure(PendingCommand command, ChannelProfile profile, CompletionCode code)
    {
        string name = command.Type switch
        {
            ElementType.StartChannel => "START",
            ElementType.StopChannel => "STOP",
            _ => "RESET",
        };
        string direction = profile.Type == ChannelType.Outbound ? "uplink" : "downlink";
        string what = $"{name} of channel {profile.Number} ({profile.Name}, {direction})";
        return code == CompletionCode.Invalid
            ? new MhiFailure(MhiErrorCode.CommandTimedOut, $"{Name} did not answer {what} within {_commandTimeout.TotalSeconds:0.###} s. The firmware may not offer this channel, or it has stopped; power the controller down and up to recover.", profile.Name)
            : new MhiFailure(MhiErrorCode.CommandRefused, $"{Name} refused {what} with code 0x{(byte)code:x2} ({code}). The firmware does not offer this channel as its profile {Profile.Id} says.", profile.Name);
    }

    private void RingEventDoorbell(int ring)
    {
        if (!_isAtRest)
        {
            WritePair(_eventDoorbells + ((uint)ring * Doorbell.EntryLength), _eventRings[ring].WritePointer);
        }
    }

    private void RingChannelDoorbell(byte channel, TransferRing ring)
    {
        // Never ahead of the context: a device in burst mode would see the write pointer go back.
        ring.Publish();
        if (!_isAtRest)
        {
            WritePair(_channelDoorbells + (channel * Doorbell.EntryLength), ring.WritePointer);
        }
    }

    /// <summary>Writes every doorbell that may have been missed, or was held back at rest.</summary>
    private void RingEverything()
    {
        if (_isAtRest)
        {
            return;
        }

        for (int i = 0; i < _eventRings.Length; i++)
        {
            RingEventDoorbell(i);
        }

        if (_commands is { PendingCount: > 0 })
        {
            WritePair(MhiRegisters.CommandDoorbell, _commands.WritePointer);
        }

        foreach (ChannelPair pair in _running)
        {
            if (pair.Uplink is { } uplink)
            {
                uplink.ArmDoorbell();
                if (uplink.Ring.Outstanding > 0 && uplink.TakeDoorbell())
                {
                    RingChannelDoorbell(uplink.Profile.Number, uplink.Ring);
                }
            }

            if (pair.Downlink is { } downlink)
            {
                downlink.ArmDoorbell();
                if (downlink.Ring.Outstanding > 0 && downlink.TakeDoorbell())
                {
                    RingChannelDoorbell(downlink.Profile.Number, downlink.Ring);
                }
            }
        }
    }
}
