using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Channels;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Rings;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <content>The device's channels, and the commands that start and stop them.</content>
public sealed partial class MhiEndpoint
{
    private readonly TransferRing?[] _channels = new TransferRing?[Doorbell.ChannelCount];
    private readonly ChannelPair?[] _pairs = new ChannelPair?[Doorbell.ChannelCount];
    private readonly ChannelType[] _channelTypes = new ChannelType[Doorbell.ChannelCount];
    private ulong _eventContexts;
    private ulong _channelContexts;

    // Channels of other execution environments do not exist while the mission firmware runs.
    private int CreateChannels(DeviceProfile profile, IReadOnlyDictionary<string, ChannelFunction> functions)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ChannelProfile channel in profile.Channels)
        {
            if (channel.Environment != ExecutionEnvironment.Amss)
            {
                continue;
            }

            if (channel.Number is >= Doorbell.DeviceWake or Doorbell.EmergencyDownload)
            {
                throw new ArgumentException(
                    $"Channel {channel.Number} ({channel.Name}) cannot carry data: it has no doorbell, or one with another use.", nameof(profile));
            }

            _channels[channel.Number] = new TransferRing(channel.Number, _registers, _memory, _violations);
            _channelTypes[channel.Number] = channel.Type;
            names.Add(channel.Name);
        }

        foreach (string name in functions.Keys)
        {
            if (!names.Contains(name))
            {
                throw new ArgumentException(
                    $"The profile {profile.Id} has no channel {name} in mission mode; remove the function for it.", nameof(functions));
            }
        }

        foreach (string name in names)
        {
            TransferRing? uplink = null;
            TransferRing? downlink = null;
            foreach (ChannelProfile channel in profile.Channels)
            {
                if (channel.Name == name && channel.Environment == ExecutionEnvironment.Amss)
                {
                    ref TransferRing? direction = ref channel.Type == ChannelType.Outbound ? ref uplink : ref downlink;
                    direction ??= _channels[channel.Number];
                }
            }

            ChannelFunction function = functions.TryGetValue(name, out ChannelFunction? chosen) ? chosen : new SinkFunction();
            function.OnAttached(this);
            var pair = new ChannelPair(
                uplink is null ? null : new UplinkChannel(uplink, _memory, _violations),
                new DownlinkChannel(downlink, _memory, _violations),
                function);
            if (uplink is not null)
            {
                _pairs[uplink.Channel] = pair;
            }

            if (downlink is not null)
            {
                _pairs[downlink.Channel] = pair;
            }
        }

        return names.Count;
    }

    // A command is taken only when there is room for its completion.
    private int RunCommands()
    {
        int work = 0;
        for (uint pending = _commands.Pending; pending != 0 && _queued == 0 && _controlEvents.HasRoom; pending--)
        {
            RingElement command = _commands.Take(out ulong address);
            CompletionCode code = Execute(command) ? CompletionCode.Success : CompletionCode.UndefinedError;
            LogCommand(command, address, code);
            _controlEvents.Stage(RingElement.CommandEvent(address, code));
            work++;
        }

        return work;
    }

    private bool Execute(RingElement command)
    {
        if (command.Type is not (ElementType.StartChannel or ElementType.StopChannel or ElementType.ResetChannel))
        {
            return Refuse(HostViolation.UnknownCommand);
        }

        if (_environment != ExecutionEnvironment.Amss
            || command.Channel >= _channels.Length
            || _channels[command.Channel] is not TransferRing ring
            || _pairs[command.Channel] is not ChannelPair pair)
        {
            return Refuse(HostViolation.UnknownChannel);
        }

        return command.Type switch
        {
            ElementType.StartChannel => Start(ring, pair),
            ElementType.StopChannel => Stop(ring),
            _ => Reset(ring, pair),
        };
    }

    private bool Start(TransferRing ring, ChannelPair pair)
    {
        // On a ring that is open, START resumes: the pointers are kept.
        if (ring.State != ChannelState.Disabled)
        {
            return ring.IsRunning || ring.TryChangeState(ChannelState.Running);
        }

        // Count before context: a write pointer that a doorbell up to here announces is in the context.
        uint doorbells = _registers.DoorbellCount(ring.Channel);
        ulong address = _channelContexts + ((uint)ring.Channel * RingContext.Length);
        Span<ChannelContext> context = stackalloc ChannelContext[1];
        if (!_memory.TryRead(address, MemoryMarshal.AsBytes(context))
            || context[0].Type != _channelTypes[ring.Channel]
            || context[0].EventRing >= (uint)_openEventRings)
        {
            return Refuse(HostViolation.InvalidChannelContext);
        }

        int eventRing = (int)context[0].EventRing;
        if (!TryOpenEventRing(eventRing))
        {
            return Refuse(HostViolation.InvalidEventContext);
        }

        if (!ring.TryStart(context[0], address, _eventRings[eventRing], doorbells))
        {
            return Refuse(HostViolation.InvalidChannelContext);
        }

        if (!ring.TryChangeState(ChannelState.Running))
        {
            ring.Drop();
            return false;
        }

        bool isNew = !pair.IsStarted;
        pair.OnStarted(ring);
        if (isNew)
        {
            _active[_activeCount++] = pair;
        }

        return true;
    }

    private bool Stop(TransferRing ring) =>
        ring.State == ChannelState.Disabled ? Refuse(HostViolation.CommandOutOfState) : ring.TryChangeState(ChannelState.Stop);

    private bool Reset(TransferRing ring, ChannelPair pair)
    {
        if (ring.State == ChannelState.Disabled)
        {
            return Refuse(HostViolation.CommandOutOfState);
        }

        // The device lets go of the ring even if it cannot say so in the context any more.
        bool told = ring.TryChangeState(ChannelState.Disabled);
        ring.Drop();
        pair.OnReset();
        if (!pair.IsStarted)
        {
            int index = Array.IndexOf(_active, pair, 0, _activeCount);
            _activeCount--;
            _active[index] = _active[_activeCount];
        }

        return told;
    }

    private bool Refuse(HostViolation violation)
    {
        _violations.Count(violation);
        return false;
    }
}
