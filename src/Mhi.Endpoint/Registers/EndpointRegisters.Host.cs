using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Protocol;

namespace Mhi.Endpoint.Registers;

/// <content>The host thread's side: what arrives over the bus.</content>
public sealed partial class EndpointRegisters
{
    /// <summary>Host writes that no register takes: read-only, undefined or unaligned offsets.</summary>
    public long IgnoredWrites => Volatile.Read(ref _hostLine.IgnoredWrites);

    /// <summary>Whether the device was pulled out.</summary>
    internal bool HasLeftBus => _hasLeftBus;

    private bool IsResetPending => _hostLine.Resets != Volatile.Read(ref _resetsDone);

    /// <summary>The host reads a register. Undefined and unaligned offsets read 0.</summary>
    /// <param name="offset">Byte offset from the start of the BAR; any number.</param>
    /// <returns>The value.</returns>
    public uint HostRead(uint offset)
    {
        // Register reads are ordered after everything this thread did before, reads of DMA memory included, as they are
        // on a bus; they are far from the data path, so a full fence is cheap enough.
        Interlocked.MemoryBarrier();
        if (_hasLeftBus)
        {
            return MhiRegisters.LinkDown;
        }

        if (offset >= Length || (offset & 3) != 0)
        {
            return 0;
        }

        uint index = offset / sizeof(uint);
        switch (offset)
        {
            case MhiRegisters.Control:
                // The device clears the register when the reset is finished.
                uint control = _host[index];
                return (control & MhiRegisters.ControlReset) != 0 && !IsResetPending ? 0 : control;
            case MhiRegisters.Status:
                // Until the device has seen the reset, what it reported before is void. Pairs with AcknowledgeReset.
                return IsResetPending ? 0 : Volatile.Read(ref _device[index]);
            case MhiRegisters.Configuration:
                return _host[index] | _device[index];
            case RegisterLayout.Bhi + BhiRegisters.Status:
                // Pairs with ReportDownload: what the host has cleared since the report stays cleared.
                return IsResetPending || _hostLine.StatusClears != Volatile.Read(ref _clearsReported) ? 0 : Volatile.Read(ref _device[index]);
        }

        if (offset - RegisterLayout.ChannelDoorbells < RegisterLayout.ChannelDoorbellsLength)
        {
            ref DoorbellCell cell = ref _doorbells[(offset - RegisterLayout.ChannelDoorbells) / Doorbell.EntryLength];
            return (offset & RegisterLayout.HighHalf) != 0 ? cell.High : cell.Low;
        }

        return IsHostWritten(offset) ? _host[index] : Volatile.Read(ref _device[index]);
    }

    /// <summary>The host writes a register. Read-only, undefined and unaligned offsets ignore it.</summary>
    /// <param name="offset">Byte offset from the start of the BAR; any number.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void HostWrite(uint offset, uint value)
    {
        uint relative = offset - RegisterLayout.ChannelDoorbells;
        if (relative >= RegisterLayout.ChannelDoorbellsLength || (offset & 3) != 0)
        {
            WriteOther(offset, value);
            return;
        }

        ref DoorbellCell cell = ref _doorbells[relative / Doorbell.EntryLength];
        if ((offset & RegisterLayout.HighHalf) != 0)
        {
            Volatile.Write(ref cell.High, value);
            return;
        }

        // Value, count, sequence: each released after the one before. Pairs with TryTakeDoorbell and DoorbellSequence.
        Volatile.Write(ref cell.Low, value);
        Increment(ref cell.Count);
        Increment(ref _hostLine.DoorbellSequence);
        _parker.Wake();
    }

    /// <summary>Sets the bus master bit of the function's command register.</summary>
    /// <param name="enabled">Whether the device may start DMA and raise interrupts.</param>
    internal void SetBusMaster(bool enabled)
    {
        Volatile.Write(ref _hostLine.BusMaster, enabled ? 1u : 0u);
        Announce();
    }

    /// <summary>From now on nobody answers a read; any thread. A write still arrives, at a device that reaches nothing.</summary>
    internal void LeaveBus() => _hasLeftBus = true;

    /// <summary>Function level reset: registers as after power on, bus master off.</summary>
    internal void ResetFunction()
    {
        _hostLine.BusMaster = 0;
        ResetWhole();
    }

    // Everything but channel doorbells: rare, so out of the way of the path that rings them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteOther(uint offset, uint value)
    {
        if (offset >= Length || (offset & 3) != 0)
        {
            Ignore();
            return;
        }

        ref uint word = ref _host[offset / sizeof(uint)];
        if (offset - RegisterLayout.EventDoorbells < RegisterLayout.EventDoorbellsLength)
        {
            // Read by the device when it runs out of event slots, so it needs no count; a device that sleeps for want of
            // slots needs the wake-up.
            Volatile.Write(ref word, value);
            if ((offset & RegisterLayout.HighHalf) == 0)
            {
                _parker.Wake();
            }

            return;
        }

        switch (offset)
        {
            case MhiRegisters.Control when (value & MhiRegisters.ControlReset) != 0:
                Reset(MhiRegisters.ControlReset);
                break;
            case MhiRegisters.Control:
                Volatile.Write(ref word, value & MhiRegisters.StateMask);
                Increment(ref _hostLine.StateRequests);
                Announce();
                break;
            case MhiRegisters.SocResetRequest:
                if ((value & 1) != 0)
                {
                    ResetWhole();
                }

                break;
            case MhiRegisters.CommandDoorbell:
                Volatile.Write(ref word, value);
                Increment(ref _hostLine.CommandDoorbells);
                Announce();
                break;
            case RegisterLayout.Bhi + BhiRegisters.ImageDoorbell:
                Volatile.Write(ref word, value);
                Increment(ref _hostLine.ImageDoorbells);
                Announce();
                break;
            case RegisterLayout.Bhi + BhiRegisters.Status:
                Increment(ref _hostLine.StatusClears);
                break;
            case MhiRegisters.Configuration:
                Volatile.Write(ref word, value & (MhiRegisters.EventRingsMask | MhiRegisters.HardwareEventRingsMask));
                break;
            default:
                if (IsHostWritten(offset))
                {
                    Volatile.Write(ref word, value);
                }
                else
                {
                    Ignore();
                }

                break;
        }
    }

    // Announced by the count of all resets, so that it is stored first.
    private void ResetWhole()
    {
        Increment(ref _hostLine.WholeResets);
        Reset(0);
    }

    private void Reset(uint control)
    {
        ResetHostRegisters();
        Volatile.Write(ref _host[MhiRegisters.Control / sizeof(uint)], control);
        Increment(ref _hostLine.Resets);
        Announce();
    }

    // Counts stay: the device compares them with what it has seen, and a doorbell rung before the reset must not come back.
    private void ResetHostRegisters()
    {
        for (uint i = 0; i < Length / sizeof(uint); i++)
        {
            _host[i] = 0;
        }

        for (uint i = 0; i < Doorbell.ChannelCount; i++)
        {
            _doorbells[i].High = 0;
            _doorbells[i].Low = 0;
        }

        // NER starts as what the device supports, so that a host that never writes it gets no ring the device lacks.
        _host[MhiRegisters.Configuration / sizeof(uint)] = (uint)EventRings << MhiRegisters.EventRingsShift;
    }

    private void Announce()
    {
        Increment(ref _hostLine.ControlSequence);
        _parker.Wake();
    }

    private void Ignore() => Volatile.Write(ref _hostLine.IgnoredWrites, _hostLine.IgnoredWrites + 1);

    /// <summary>Registers that hold what the host wrote and do nothing by themselves.</summary>
    private static bool IsHostWritten(uint offset) => offset switch
    {
        >= MhiRegisters.ChannelContextBase and < MhiRegisters.CommandDoorbell + Doorbell.EntryLength => true,
        >= MhiRegisters.ControlBase and < MhiRegisters.ControlLimit + sizeof(ulong) => true,
        >= MhiRegisters.DataBase and < MhiRegisters.DataLimit + sizeof(ulong) => true,
        >= RegisterLayout.Bhi + BhiRegisters.ImageAddress and <= RegisterLayout.Bhi + BhiRegisters.ImageSize => true,
        RegisterLayout.Bhi + BhiRegisters.ImageDoorbell or RegisterLayout.Bhi + BhiRegisters.InterruptVector => true,
        >= RegisterLayout.EventDoorbells and < RegisterLayout.EventDoorbells + RegisterLayout.EventDoorbellsLength => true,
        _ => false,
    };
}
