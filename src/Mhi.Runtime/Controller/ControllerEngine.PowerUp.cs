using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>From off to mission mode: firmware, reset if needed, READY, contexts and registers, M0, environment event.</content>
internal sealed partial class ControllerEngine<TRegisters>
{
    // Everything up to SOC_RESET_REQ; a block that begins before its end would overlap the control registers.
    private const uint ControlBlockEnd = MhiRegisters.SocResetRequest + sizeof(uint);

    private readonly List<TaskCompletionSource> _powerUps = [];
    private readonly List<TaskCompletionSource> _powerDowns = [];

    private protected override void BeginPowerUp(TaskCompletionSource done)
    {
        if (State == MhiControllerState.MissionMode)
        {
            done.SetResult();
            return;
        }

        if (State == MhiControllerState.ShuttingDown)
        {
            done.SetException(new MhiException(
                MhiErrorCode.NotPoweredUp, $"{Name} is being powered down. Power it up after that has finished."));
            return;
        }

        if (_lost is { } lost)
        {
            done.SetException(lost.ToException());
            return;
        }

        _powerUps.Add(done);
        if (State is not (MhiControllerState.Off or MhiControllerState.Failed))
        {
            return;
        }

        Failure = null;
        StartPhase(MhiControllerState.WaitingForFirmware, _readyTimeout);
        try
        {
            _function.SetBusMaster(true);
        }
        catch (MhiException exception)
        {
            Fail(exception.Code, exception.Message);
            return;
        }

        if (TryReadOffset(MhiRegisters.BhiOffset, "BHIOFF", BhiRegisters.BlockLength, out _bhi))
        {
            _registers.Write(_bhi + BhiRegisters.InterruptVector, 0);
            _ = AdvancePhase();
        }
    }

    /// <summary>Looks at the register that the current phase waits for.</summary>
    /// <returns>1 when the phase ended.</returns>
    private int AdvancePhase()
    {
        MhiControllerState before = State;
        switch (before)
        {
            case MhiControllerState.WaitingForFirmware:
                AwaitFirmware();
                break;
            case MhiControllerState.Resetting:
                AwaitReset();
                break;
            case MhiControllerState.WaitingForReady:
                AwaitReady();
                break;
            case MhiControllerState.ShuttingDown:
                AwaitShutdown();
                break;
            default:
                return 0;
        }

        return State == before ? 0 : 1;
    }

    private void AwaitFirmware()
    {
        if (!TryReadRegister(_bhi + BhiRegisters.ExecutionEnvironment, out uint environment)
            || environment is not ((uint)ExecutionEnvironment.Amss or (uint)ExecutionEnvironment.Wlan))
        {
            return;
        }

        Volatile.Write(ref _environment, (byte)environment);
        if (!TryReadRegister(MhiRegisters.Status, out uint status))
        {
            return;
        }

        // READY is the only state to start from: what the device remembers of an earlier host, or of a failure, must go.
        StartPhase(MhiControllerState.Resetting, Profile.Timeout);
        if (_mustReset || IsSystemError(status) || (status & MhiRegisters.StateMask) > (uint)MhiState.Ready << MhiRegisters.StateShift)
        {
            RequestReset();
        }

        AwaitReset();
    }

    private void AwaitReset()
    {
        if (TryReadRegister(MhiRegisters.Control, out uint control) && (control & MhiRegisters.ControlReset) == 0)
        {
            _mustReset = false;

            // A reset clears the vector register, so it is written again whether or not there was one.
            _registers.Write(_bhi + BhiRegisters.InterruptVector, 0);
            StartPhase(MhiControllerState.WaitingForReady, _readyTimeout);
            AwaitReady();
        }
    }

    private void AwaitReady()
    {
        if (!TryReadRegister(MhiRegisters.Status, out uint status) || (status & MhiRegisters.StatusReady) == 0)
        {
            return;
        }

        try
        {
            if (ProgramDevice())
            {
                StartPhase(MhiControllerState.WaitingForM0, Profile.Timeout);
                RequestState(MhiState.M0);
            }
        }
        catch (MhiException exception)
        {
            Fail(exception.Code, exception.Message);
        }
    }

    /// <summary>Lays out contexts and rings and tells the device where they are.</summary>
    private bool ProgramDevice()
    {
        uint rings = (uint)Profile.EventRings.Length;
        if (!TryReadOffset(MhiRegisters.ChannelDoorbellOffset, "CHDBOFF", Doorbell.ChannelCount * Doorbell.EntryLength, out _channelDoorbells)
            || !TryReadOffset(MhiRegisters.EventDoorbellOffset, "ERDBOFF", rings * Doorbell.EntryLength, out _eventDoorbells))
        {
            return false;
        }

        ControlLayout layout = ControlLayout.For(Profile.EventRings);
        DmaRegion region = _function.AllocateDma(layout.Length, layout.Alignment);
        _controlRegion = region;
        CreateRings(region, layout);

        ulong limit = Profile.DmaAddressBits == 64 ? ulong.MaxValue : (1UL << Profile.DmaAddressBits) - 1;
        WritePair(MhiRegisters.ChannelContextBase, region.BusAddress + (ulong)layout.ChannelContexts);
        WritePair(MhiRegisters.EventContextBase, region.BusAddress + (ulong)layout.EventContexts);
        WritePair(MhiRegisters.CommandContextBase, region.BusAddress + (ulong)layout.CommandContext);
        WritePair(MhiRegisters.ControlBase, 0);
        WritePair(MhiRegisters.DataBase, 0);
        WritePair(MhiRegisters.ControlLimit, limit);
        WritePair(MhiRegisters.DataLimit, limit);
        uint configuration = _registers.Read(MhiRegisters.Configuration);
        configuration = (configuration & ~MhiRegisters.EventRingsMask) | (rings << MhiRegisters.EventRingsShift);
        _registers.Write(MhiRegisters.Configuration, configuration);
        configuration = (configuration & ~MhiRegisters.HardwareEventRingsMask)
            | (CountHardwareRings() << MhiRegisters.HardwareEventRingsShift);
        _registers.Write(MhiRegisters.Configuration, configuration);
        OpenEventRings(hardware: false);
        return true;
    }

    private void CreateRings(DmaRegion region, ControlLayout layout)
    {
        // One vector per ring and one for state changes, or vector 0 for all.
        bool separate = Vectors.Length > Profile.EventRings.Length;
        var rings = new EventRing[Profile.EventRings.Length];
        for (int i = 0; i < rings.Length; i++)
        {
            EventRingProfile profile = Profile.EventRings[i];
            long contextOffset = layout.EventContexts + (i * RingContext.Length);
            rings[i] = new EventRing(region, layout.EventRings[i], profile.Elements, contextOffset);
            var context = new EventContext
            {
                Moderation = (uint)profile.ModerationMilliseconds << EventContext.ModerationTimeShift,
                Type = EventContext.ValidType,
                InterruptVector = separate ? (uint)i + 1 : 0,
                RingBase = rings[i].Base,
                RingLength = rings[i].LengthBytes,
                ReadPointer = rings[i].Base,
                WritePointer = rings[i].Base,
            };
            MemoryMarshal.Write(region.Memory.Slice(contextOffset, RingContext.Length), in context);
        }

        _eventRings = rings;
        _commands = new CommandRing(region, layout.CommandRing, layout.CommandContext);
        var command = new CommandContext
        {
            RingBase = _commands.Base,
            RingLength = CommandRing.LengthBytes,
            ReadPointer = _commands.Base,
            WritePointer = _commands.Base,
        };
        MemoryMarshal.Write(region.Memory.Slice(layout.CommandContext, RingContext.Length), in command);
        _channelContexts = layout.ChannelContexts;
        foreach (ChannelProfile channel in Profile.Channels)
        {
            ClearContext(channel);
        }
    }

    /// <summary>Lets the device fill event rings: software rings before M0, hardware rings in mission mode.</summary>
    private void OpenEventRings(bool hardware)
    {
        for (int i = 0; i < _eventRings.Length; i++)
        {
            if (Profile.EventRings[i].IsHardware == hardware)
            {
                _eventRings[i].Publish();
                RingEventDoorbell(i);
            }
        }
    }

    private void OnM0()
    {
        if (State == MhiControllerState.WaitingForM0)
        {
            StartPhase(MhiControllerState.WaitingForMissionMode, Profile.Timeout);
        }
        else if (State == MhiControllerState.Resuming)
        {
            OnM0WhileResuming();
        }
        else if (State == MhiControllerState.MissionMode)
        {
            // The device has been elsewhere and may have missed doorbells.
            RingEverything();
        }
        else
        {
            Counters.CountIgnoredEvent();
        }
    }

    private void OnEnvironment(ExecutionEnvironment environment)
    {
        if (environment == ExecutionEnvironment.RamDump)
        {
            Fail(MhiErrorCode.SystemError, $"The firmware of {Name} crashed: the device entered its memory dump mode (RDDM). Power the controller up again once the device has restarted.");
            return;
        }

        if (State != MhiControllerState.WaitingForMissionMode || environment is not (ExecutionEnvironment.Amss or ExecutionEnvironment.Wlan))
        {
            Counters.CountIgnoredEvent();
            return;
        }

        // The event is a hint; the register says what is true.
        if (!TryReadRegister(_bhi + BhiRegisters.ExecutionEnvironment, out uint confirmed))
        {
            return;
        }

        if (confirmed != (uint)environment)
        {
            Fail(MhiErrorCode.ProtocolViolation, $"{Name} reported {environment} but its EXECENV register says {confirmed}. Reset the device and power the controller up again.");
            return;
        }

        Volatile.Write(ref _environment, (byte)environment);
        HoldAwake(true);
        OpenEventRings(hardware: true);
        EndPhase(MhiControllerState.MissionMode);
        CompletePower(null);
    }

    // A device with a wire of its own for that knows no such doorbell.
    private void HoldAwake(bool isHeld)
    {
        if ((Profile.Traits & ProfileTraits.SidebandWake) == 0)
        {
            WritePair(_channelDoorbells + (Doorbell.DeviceWake * Doorbell.EntryLength), isHeld ? 1u : 0u);
        }
    }

    private void CompletePower(MhiFailure? failure)
    {
        Complete(_powerUps, failure);
        Complete(_suspends, failure);
        Complete(_resumes, failure);

        // However the device ended, it is down.
        Complete(_powerDowns, null);
    }

    /// <summary>Reads an offset register and checks that the whole block it points to lies in the BAR.</summary>
    private bool TryReadOffset(uint register, string name, uint blockLength, out uint offset)
    {
        if (!TryReadRegister(register, out offset))
        {
            return false;
        }

        if (offset % sizeof(uint) == 0 && offset >= ControlBlockEnd
            && offset <= _function.RegisterLength && blockLength <= _function.RegisterLength - offset)
        {
            return true;
        }

        Fail(MhiErrorCode.ProtocolViolation, $"{name} of {Name} says 0x{offset:x}: {blockLength} bytes from there do not lie in the BAR of 0x{_function.RegisterLength:x} bytes behind the control registers. This is no MHI device, or not the right BAR.");
        return false;
    }

    private uint CountHardwareRings()
    {
        uint count = 0;
        foreach (EventRingProfile ring in Profile.EventRings)
        {
            count += ring.IsHardware ? 1u : 0u;
        }

        return count;
    }

    private void RequestState(MhiState state)
    {
        uint control = _registers.Read(MhiRegisters.Control);
        _registers.Write(MhiRegisters.Control, (control & ~MhiRegisters.StateMask) | ((uint)state << MhiRegisters.StateShift));
    }

    private void RequestReset() =>
        _registers.Write(MhiRegisters.Control, _registers.Read(MhiRegisters.Control) | MhiRegisters.ControlReset);

    private static bool IsSystemError(uint status) =>
        (status & MhiRegisters.StatusSystemError) != 0
        || (status & MhiRegisters.StateMask) == (uint)MhiState.SystemError << MhiRegisters.StateShift;
}
