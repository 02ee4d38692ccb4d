using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <summary>
/// The controller for one kind of register access: fields, the poll itself, and the end. The other parts of the class:
/// PowerUp, PowerDown, Events, Commands, Opening, Channels (the data poll), Closing.
/// </summary>
/// <remarks>Everything here belongs to the poll thread, except what <see cref="MhiController"/> says otherwise.</remarks>
internal sealed partial class ControllerEngine<TRegisters> : MhiController
    where TRegisters : struct, IRegisterAccess
{
    // How long a device may be silent before a register is read to see whether it is still there.
    private const int HealthCheckMilliseconds = 2000;

    private readonly IPciFunction<TRegisters> _function;
    private readonly TRegisters _registers;
    private readonly TimeProvider _time;
    private readonly TimeSpan _commandTimeout;
    private readonly TimeSpan _readyTimeout;

    // Indexed by any channel number that an event can carry; null where the device runs no channel for us.
    private readonly ChannelPair?[] _routes = new ChannelPair?[byte.MaxValue + 1];
    private readonly UplinkPort?[] _uplinks = new UplinkPort?[byte.MaxValue + 1];
    private readonly DownlinkPort?[] _downlinks = new DownlinkPort?[byte.MaxValue + 1];
    private readonly List<ChannelPair> _pairs = [];
    private readonly List<ChannelPair> _retired = [];
    private readonly List<ChannelPair> _draining = [];
    private ChannelPair[] _running = [];

    private int _state;
    private byte _environment = (byte)ExecutionEnvironment.PrimaryBootLoader;
    private DmaRegion? _controlRegion;
    private EventRing[] _eventRings = [];
    private CommandRing? _commands;
    private bool _mustReset;
    private bool _timed;
    private long _phaseDeadline;
    private uint _bhi;
    private uint _channelDoorbells;
    private uint _eventDoorbells;
    private MhiFailure? _lost;
    private bool _disposed;

    internal ControllerEngine(IPciFunction<TRegisters> function, DeviceProfile profile, MhiControllerOptions options)
        : base(function.Name, profile, function.Vectors, function.Alarms, options)
    {
        _function = function;
        _registers = function.Registers;
        _time = options.TimeProvider;
        _commandTimeout = options.CommandTimeout ?? profile.Timeout;
        _readyTimeout = options.ReadyTimeout ?? profile.ReadyTimeout;
    }

    /// <inheritdoc/>
    public override MhiControllerState State => (MhiControllerState)Volatile.Read(ref _state);

    /// <inheritdoc/>
    public override ExecutionEnvironment ExecutionEnvironment => (ExecutionEnvironment)Volatile.Read(ref _environment);

    /// <inheritdoc/>
    public override int Poll()
    {
        int done = HasRequests ? RunRequests() : 0;
        if (_disposed)
        {
            return 0;
        }

        if (_timed)
        {
            done += HandleTime();
        }

        if (_retired.Count != 0)
        {
            done += SweepRetired();
        }

        if (_isAtRest)
        {
            return done + PollAtRest();
        }

        // A device that is being shut down has nothing more to say.
        return State == MhiControllerState.ShuttingDown ? done : done + PollEvents() + PollChannels();
    }

    /// <inheritdoc/>
    public override int MillisecondsUntilDue()
    {
        // A register that changes without an interrupt is looked at every millisecond.
        const int RegisterPollMilliseconds = 1;
        int idle = MayLookAtStatus(State) ? HealthCheckMilliseconds : -1;
        if (_retired.Exists(static pair => pair.Uplink is { IsClientInside: true } || pair.Downlink is { IsClientInside: true }))
        {
            return RegisterPollMilliseconds;
        }

        if (!_timed)
        {
            return idle;
        }

        if (State is MhiControllerState.WaitingForFirmware or MhiControllerState.Resetting
            or MhiControllerState.WaitingForReady or MhiControllerState.ShuttingDown)
        {
            return RegisterPollMilliseconds;
        }

        // At rest the time of commands has not begun.
        long due = Math.Min(_phaseDeadline, _isAtRest ? long.MaxValue : _commands?.NextDeadline() ?? long.MaxValue);
        foreach (ChannelPair pair in _draining)
        {
            due = Math.Min(due, pair.DrainDeadline);
        }

        if (due == long.MaxValue)
        {
            return idle;
        }

        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), due);
        return (int)Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 0, idle < 0 ? int.MaxValue : idle);
    }

    /// <inheritdoc/>
    public override void CheckDevice()
    {
        if (_lost is null && _function.CheckAlarms() is { } lost)
        {
            Lose(lost);
        }
        else if (MayLookAtStatus(State) && TryReadLiveStatus(out uint status)
            && State == MhiControllerState.MissionMode && StateOf(status) is (MhiState.Reset or MhiState.Ready))
        {
            Fail(
                MhiErrorCode.NotReady,
                $"{Name} was reset by somebody else (MHISTATUS 0x{status:x} in mission mode): through sysfs, or by its own watchdog. It has forgotten its channels; power the controller up again.",
                Inspect());
        }
    }

    private protected override void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
        {
            return;
        }

        _disposed = true;
        CloseForRequests();
        _ = RunRequests();
        StopDevice();
        if (_lost is null && (Profile.Traits & ProfileTraits.ResetOnRemove) != 0 && _function.RegisterLength >= ControlBlockEnd)
        {
            // A reset of the MHI alone would leave such a device in a state in which the next driver does not start it.
            _registers.Write(MhiRegisters.SocResetRequest, 1);
        }

        CompletePower(new MhiFailure(MhiErrorCode.ChannelStopped, $"The controller {Name} was disposed."));
        Volatile.Write(ref _state, (int)MhiControllerState.Off);
        TakeDownAll(new MhiFailure(MhiErrorCode.ChannelStopped, $"The controller {Name} was disposed."));
        SetState(MhiControllerState.Off);
        foreach (ChannelPair pair in _pairs.ToArray())
        {
            Settle(pair);
        }

        // A client may be in the middle of a copy; that ends by itself, unless its thread has died. What is still in use
        // after that, or on lease, is left mapped for good.
        _ = SpinWait.SpinUntil(() => !_retired.Exists(static pair => pair.Uplink is { IsClientInside: true } || pair.Downlink is { IsClientInside: true }), TimeSpan.FromSeconds(1));
        _ = SweepRetired();
        _retired.Clear();
        _function.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Whether the device is up, and not so deep asleep that a register must not be read.</summary>
    private static bool MayLookAtStatus(MhiControllerState state) =>
        state is MhiControllerState.MissionMode or MhiControllerState.Suspending or MhiControllerState.Resuming;

    private void SetState(MhiControllerState state)
    {
        Volatile.Write(ref _state, (int)state);
        _isAtRest = IsRest(state);
        NotifyObservers(state);
    }

    /// <summary>Starts the clock of the current phase.</summary>
    private void StartPhase(MhiControllerState state, TimeSpan timeout)
    {
        SetState(state);
        _phaseDeadline = After(timeout);
        _timed = true;
    }

    /// <summary>No phase is timed any more; commands may still be.</summary>
    private void EndPhase(MhiControllerState state)
    {
        SetState(state);
        _phaseDeadline = long.MaxValue;
        _timed = IsTimed();
    }

    // Half of what fits is for ever, and stays so when the time of day is added.
    private long After(TimeSpan time) =>
        _time.GetTimestamp() + (long)Math.Min(time.TotalSeconds * _time.TimestampFrequency, long.MaxValue / 2);

    private int HandleTime()
    {
        int done = AdvancePhase();
        long now = _time.GetTimestamp();
        if (now - _phaseDeadline >= 0 && _phaseDeadline != long.MaxValue)
        {
            OnPhaseTimedOut();
            done++;
        }

        while (!_isAtRest && _commands?.TryExpire(now) is { } expired)
        {
            // A device that has left or failed explains the silence better than a time-out does.
            CheckDevice();
            expired.Completed(expired, CompletionCode.Invalid);
            done++;
        }

        done += AdvanceDraining(now);
        _timed = IsTimed();
        return done;
    }

    private bool IsTimed() => _phaseDeadline != long.MaxValue || _commands is { PendingCount: > 0 } || _draining.Count != 0;

    /// <summary>Reads a register and recognises a device that has left the bus.</summary>
    private bool TryReadRegister(uint offset, out uint value)
    {
        value = _registers.Read(offset);
        if (value != MhiRegisters.LinkDown)
        {
            return true;
        }

        if (_lost is null && _function.CheckAlarms() is { } lost)
        {
            // The transport knows better why nobody answers.
            Lose(lost);
            return false;
        }

        Fail(
            MhiErrorCode.DeviceRemoved,
            $"Register 0x{offset:x} of {Name} reads as all ones: the device has left the bus. Check power, slot and link, then power the controller up again.");
        return false;
    }

    /// <summary>Writes a 64-bit quantity as the protocol wants it: high half, then low half, which commits.</summary>
    private void WritePair(uint offset, ulong value)
    {
        _registers.Write(offset + 4, (uint)(value >> 32));
        _registers.Write(offset, (uint)value);
    }

    /// <summary>Gives up on the device: no DMA any more, every channel down, every request failed.</summary>
    private void Fail(MhiErrorCode code, string message, DeviceSnapshot? seen = null)
    {
        if (State is MhiControllerState.Failed or MhiControllerState.Off)
        {
            return;
        }

        _mustReset = true;
        if (_powerDowns.Count != 0)
        {
            // It was only resumed to be powered down.
            FinishShutdown();
            return;
        }

        var failure = new MhiFailure(code, message) { Seen = seen };
        Failure = failure;
        StopDevice();

        // The state is there before a client finds its channel down, and the observers are told when all are.
        Volatile.Write(ref _state, (int)MhiControllerState.Failed);
        TakeDownAll(failure);
        EndPhase(MhiControllerState.Failed);
        CompletePower(failure);
    }

    /// <summary>Lets go of a function that is lost for good: whoever wants it back waits for that.</summary>
    private void Lose(MhiFailure lost)
    {
        _lost = lost;
        if (!_isAtRest && _function.RegisterLength >= ControlBlockEnd && _registers.Read(MhiRegisters.Control) != MhiRegisters.LinkDown)
        {
            // The next driver, or the same one, is to find no device that works for this host.
            RequestReset();
        }

        Fail(lost.Code, lost.Message);
        if (State == MhiControllerState.Off)
        {
            Failure = lost;
            SetState(MhiControllerState.Failed);
        }

        _function.Detach();
    }

    /// <summary>Ends the device's DMA and forgets its rings. Channel memory is not its any more.</summary>
    private void StopDevice()
    {
        _function.SetBusMaster(false);
        _commands = null;
        _eventRings = [];
        ClearRoutes();
        _running = [];
        if (_controlRegion is not null)
        {
            _function.FreeDma(_controlRegion);
            _controlRegion = null;
        }
    }

    /// <summary>Takes every channel down, after <see cref="StopDevice"/>: their memory is the host's alone.</summary>
    private void TakeDownAll(MhiFailure failure)
    {
        FailWaitingOpens(failure);
        foreach (ChannelPair pair in _pairs.ToArray())
        {
            // A channel that was still opening has no client who would close it.
            pair.IsClosing |= pair.Phase == ChannelPhase.Opening;
            pair.TakeDown(failure);
            pair.Phase = ChannelPhase.Reset;
            pair.IsOwnedByDevice = false;
            pair.IsClosing |= _draining.Remove(pair);
            if (pair.IsClosing)
            {
                Settle(pair);
            }
        }

        foreach (ChannelPair pair in _retired)
        {
            pair.IsOwnedByDevice = false;
        }
    }
}
