using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using Mhi.Channels;
using Mhi.Interop.Memory;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>Opening a channel: memory, contexts, START of uplink and then downlink, first receive buffers.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    private long _channelContexts;

    // Opens of channels that the device is still being told to let go of.
    private readonly List<ChannelOpening> _waitingOpens = [];

    private protected override void BeginOpen(ChannelOpening opening)
    {
        if (opening.IsAborted)
        {
            opening.Fail(DescribeAbort(opening).ToException());
            return;
        }

        // A predecessor that is on its way out gets there by itself, or by the time-outs of its commands.
        if (_pairs.Exists(pair => pair.Options.Name == opening.Options.Name && pair.Phase == ChannelPhase.Resetting))
        {
            _waitingOpens.Add(opening);
            return;
        }

        try
        {
            ChannelPair pair = CreatePair(opening);
            opening.Pair = pair;
            _pairs.Add(pair);
            StartUplink(pair);
        }
        catch (MhiException exception)
        {
            opening.Fail(exception);
        }
    }

    private protected override void BeginAbort(ChannelOpening opening)
    {
        if (_waitingOpens.Remove(opening))
        {
            opening.Fail(DescribeAbort(opening).ToException());
        }
        else if (opening.Pair is { } pair)
        {
            if (pair.Phase == ChannelPhase.Opening)
            {
                pair.TakeDown(DescribeAbort(opening));
            }

            BeginClose(pair, TimeSpan.Zero);
        }
    }

    /// <summary>A channel has been reset: whoever waited for that opens it now.</summary>
    private void BeginWaitingOpens(string name)
    {
        foreach (ChannelOpening opening in _waitingOpens.FindAll(opening => opening.Options.Name == name))
        {
            _ = _waitingOpens.Remove(opening);
            BeginOpen(opening);
        }
    }

    private void FailWaitingOpens(MhiFailure failure)
    {
        foreach (ChannelOpening opening in _waitingOpens)
        {
            opening.Fail(failure.ToException());
        }

        _waitingOpens.Clear();
    }

    private MhiFailure DescribeAbort(ChannelOpening opening) =>
        new(MhiErrorCode.ChannelStopped, $"The open of channel {opening.Options.Name} of {Name} was given up before the channel ran.", opening.Options.Name);

    private ChannelPair CreatePair(ChannelOpening opening)
    {
        ChannelOptions options = opening.Options;
        if (State != MhiControllerState.MissionMode && !_isAtRest)
        {
            throw Failure?.ToException() ?? new MhiException(
                MhiErrorCode.NotPoweredUp, $"Channel {options.Name} cannot be opened: {Name} is not in mission mode ({State}). Power the controller up first.", options.Name);
        }

        // A channel that has gone down and that the device has let go of is in nobody's way, closed by its client or not.
        if (_pairs.Exists(pair => pair.Options.Name == options.Name && pair.Phase != ChannelPhase.Reset))
        {
            throw new MhiException(MhiErrorCode.ChannelBusy, $"Channel {options.Name} of {Name} is open already. Close it first, or share the open one.", options.Name);
        }

        ChannelProfile? uplink = FindProfile(options, ChannelDirections.Uplink, ChannelType.Outbound);
        ChannelProfile? downlink = FindProfile(options, ChannelDirections.Downlink, ChannelType.Inbound);
        ChannelLayout layout = ChannelLayout.For(options, uplink, downlink);
        DmaRegion region = _function.AllocateDma(layout.Length, layout.Alignment);
        try
        {
            return new ChannelPair(
                this,
                opening,
                region,
                uplink is null ? null : CreateUplink(uplink, region, layout),
                downlink is null ? null : CreateDownlink(downlink, region, layout, options));
        }
        catch
        {
            _function.FreeDma(region);
            throw;
        }
    }

    /// <summary>Writes the context of a channel that is not open: no ring, but mode, direction and event ring.</summary>
    private void ClearContext(ChannelProfile? profile)
    {
        if (profile is not null && _controlRegion is not null)
        {
            var context = new ChannelContext
            {
                Configuration = ChannelContext.Pack(ChannelState.Disabled, EffectiveBurstMode(profile)),
                Type = profile.Type,
                EventRing = (uint)profile.EventRing,
            };
            long offset = _channelContexts + ((long)profile.Number * RingContext.Length);
            MemoryMarshal.Write(_controlRegion.Memory.Slice(offset, RingContext.Length), in context);
        }
    }

    private ChannelProfile? FindProfile(ChannelOptions options, ChannelDirections direction, ChannelType type)
    {
        if ((options.Directions & direction) == 0)
        {
            return null;
        }

        foreach (ChannelProfile profile in Profile.Channels)
        {
            if (profile.Name == options.Name && profile.Type == type)
            {
                return profile.Environment == ExecutionEnvironment
                    ? profile
                    : throw new MhiException(MhiErrorCode.WrongExecutionEnvironment, $"Channel {options.Name} exists only while {Name} runs {profile.Environment}; now it runs {ExecutionEnvironment}.", options.Name);
            }
        }

        string other = type == ChannelType.Outbound ? "uplink" : "downlink";
        throw new MhiException(MhiErrorCode.ChannelNotFound, $"The profile {Profile.Id} of {Name} has no {other} channel {options.Name}. Check the name in channels.json (upper and lower case differ) and its direction.", options.Name);
    }

    private UplinkPort CreateUplink(ChannelProfile profile, DmaRegion region, ChannelLayout layout)
    {
        TransferRing ring = CreateRing(profile, region, layout.UplinkRing);
        BufferSlab slab = region.Memory.Slab(layout.UplinkSlab, (int)BitOperations.RoundUpToPowerOf2((uint)layout.UplinkBuffers), layout.Stride);
        return new UplinkPort(profile, ring, slab, region.BusAddress + (ulong)layout.UplinkSlab, layout.UplinkBuffers, IsModerated(profile), EffectiveBurstMode(profile), ClientVector);
    }

    private DownlinkPort CreateDownlink(ChannelProfile profile, DmaRegion region, ChannelLayout layout, ChannelOptions options)
    {
        TransferRing ring = CreateRing(profile, region, layout.DownlinkRing);
        BufferSlab slab = region.Memory.Slab(layout.DownlinkSlab, (int)BitOperations.RoundUpToPowerOf2((uint)layout.DownlinkBuffers), layout.Stride);
        return new DownlinkPort(
            profile,
            ring,
            slab,
            region.BusAddress + (ulong)layout.DownlinkSlab,
            layout.DownlinkBuffers,
            options.ReceiveCapacity,
            IsModerated(profile),
            EffectiveBurstMode(profile),
            options.DeliverEmptyPackets,
            ClientVector);
    }

    /// <summary>Makes a transfer ring and the context through which the device finds it.</summary>
    private TransferRing CreateRing(ChannelProfile profile, DmaRegion region, long offset)
    {
        long contextOffset = _channelContexts + ((long)profile.Number * RingContext.Length);
        SharedWord writePointer = _controlRegion!.Memory.Word(contextOffset + RingContext.WritePointer);
        var ring = new TransferRing(region, offset, profile.Elements, writePointer);
        var context = new ChannelContext
        {
            Configuration = ChannelContext.Pack(ChannelState.Enabled, EffectiveBurstMode(profile)),
            Type = profile.Type,
            EventRing = (uint)profile.EventRing,
            RingBase = ring.Base,
            RingLength = ring.LengthBytes,
            ReadPointer = ring.Base,
            WritePointer = ring.Base,
        };
        MemoryMarshal.Write(_controlRegion.Memory.Slice(contextOffset, RingContext.Length), in context);
        return ring;
    }

    private void StartUplink(ChannelPair pair)
    {
        if (pair.Uplink is { } uplink)
        {
            Start(pair, uplink.Profile, StartDownlink);
        }
        else
        {
            StartDownlink(pair);
        }
    }

    private void StartDownlink(ChannelPair pair)
    {
        if (pair.Downlink is { } downlink)
        {
            Start(pair, downlink.Profile, FinishOpening);
        }
        else
        {
            FinishOpening(pair);
        }
    }

    private void Start(ChannelPair pair, ChannelProfile profile, Action<ChannelPair> next)
    {
        pair.StartedDirections |= profile.Type == ChannelType.Outbound ? ChannelDirections.Uplink : ChannelDirections.Downlink;
        Send(ElementType.StartChannel, profile.Number, (command, code) =>
        {
            if (pair.Phase != ChannelPhase.Opening)
            {
                return;
            }

            if (code == CompletionCode.Success)
            {
                next(pair);
                return;
            }

            // The client never gets this channel: it is taken apart at once.
            pair.TakeDown(DescribeCommandFailure(command, profile, code));
            pair.IsClosing = true;
            ResetDirections(pair);
        });
    }

    private void FinishOpening(ChannelPair pair)
    {
        AddRoutes(pair);
        pair.Phase = ChannelPhase.Running;
        _running = [.. _running, pair];
        _ = PollChannels();
        _ = pair.Opening.Opened.TrySetResult(pair);
    }

    private void AddRoutes(ChannelPair pair)
    {
        if (pair.Uplink is { } uplink)
        {
            _routes[uplink.Profile.Number] = pair;
            _uplinks[uplink.Profile.Number] = uplink;
        }

        if (pair.Downlink is { } downlink)
        {
            _routes[downlink.Profile.Number] = pair;
            _downlinks[downlink.Profile.Number] = downlink;
        }
    }

    private bool IsModerated(ChannelProfile profile) => Profile.EventRings[profile.EventRing].ModerationMilliseconds != 0;

    private BurstMode EffectiveBurstMode(ChannelProfile profile) => Options.UseBurstMode ? profile.BurstMode : BurstMode.Disabled;
}
