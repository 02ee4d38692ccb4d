using System;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>Commands: sending, answers, time-outs; and the doorbells.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    /// <summary>Sends a command; <paramref name="completed"/> always runs, now or in a later poll.</summary>
    private void Send(ElementType type, byte channel, Action<PendingCommand, CompletionCode> completed)
    {
        var command = new PendingCommand(type, channel, After(_commandTimeout), completed);
        if (_commands is null || !_commands.TryEnqueue(command))
        {
            completed(command, CompletionCode.Invalid);
            return;
        }

        _timed = true;
        WritePair(MhiRegisters.CommandDoorbell, _commands.WritePointer);
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

    private void RingEventDoorbell(int ring) =>
        WritePair(_eventDoorbells + ((uint)ring * Doorbell.EntryLength), _eventRings[ring].WritePointer);

    private void RingChannelDoorbell(byte channel, TransferRing ring) =>
        WritePair(_channelDoorbells + (channel * Doorbell.EntryLength), ring.WritePointer);

    /// <summary>Writes every doorbell that may have been missed.</summary>
    private void RingEverything()
    {
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
            if (pair.Uplink is { Ring.Outstanding: > 0 } uplink)
            {
                RingChannelDoorbell(uplink.Profile.Number, uplink.Ring);
            }

            if (pair.Downlink is { Ring.Outstanding: > 0 } downlink)
            {
                RingChannelDoorbell(downlink.Profile.Number, downlink.Ring);
            }
        }
    }
}
