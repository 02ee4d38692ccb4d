using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Protocol;

namespace Mhi.Endpoint.Registers;

/// <content>The device thread's side.</content>
public sealed partial class EndpointRegisters
{
    /// <summary>State the device reports in MHISTATUS. May be read by any thread.</summary>
    internal MhiState ReportedState =>
        (MhiState)(byte)(Volatile.Read(ref _device[MhiRegisters.Status / sizeof(uint)]) >> MhiRegisters.StateShift);

    /// <summary>Changes with every channel doorbell; read before the doorbells it announces.</summary>
    internal uint DoorbellSequence
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _hostLine.DoorbellSequence);
    }

    /// <summary>Changes with every other write that asks the device for something; read before what it announces.</summary>
    internal uint ControlSequence
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _hostLine.ControlSequence);
    }

    /// <summary>Number of resets asked for so far.</summary>
    internal uint Resets => Volatile.Read(ref _hostLine.Resets);

    /// <summary>How many of them restart the whole device; read after <see cref="Resets"/>.</summary>
    internal uint WholeResets => Volatile.Read(ref _hostLine.WholeResets);

    /// <summary>How often the image doorbell was rung; read before the registers it announces.</summary>
    internal uint ImageDoorbells => Volatile.Read(ref _hostLine.ImageDoorbells);

    /// <summary>IMGADDR.</summary>
    internal ulong ImageAddress => ReadPair(RegisterLayout.Bhi + BhiRegisters.ImageAddress);

    /// <summary>IMGSIZE.</summary>
    internal uint ImageSize => Volatile.Read(ref _host[(RegisterLayout.Bhi + BhiRegisters.ImageSize) / sizeof(uint)]);

    /// <summary>Sequence number in IMGTXDB.</summary>
    internal uint ImageSequence =>
        Volatile.Read(ref _host[(RegisterLayout.Bhi + BhiRegisters.ImageDoorbell) / sizeof(uint)]) & RegisterLayout.BhiSequenceMask;

    /// <summary>Number of state requests so far; read before <see cref="RequestedState"/>.</summary>
    internal uint StateRequests => Volatile.Read(ref _hostLine.StateRequests);

    /// <summary>State field of MHICTRL.</summary>
    internal MhiState RequestedState =>
        (MhiState)(byte)(Volatile.Read(ref _host[MhiRegisters.Control / sizeof(uint)]) >> MhiRegisters.StateShift);

    /// <summary>Whether DMA and interrupts are allowed.</summary>
    internal bool IsBusMaster => Volatile.Read(ref _hostLine.BusMaster) != 0;

    /// <summary>NER as the host wrote it.</summary>
    internal int RequestedEventRings =>
        (int)((Volatile.Read(ref _host[MhiRegisters.Configuration / sizeof(uint)]) & MhiRegisters.EventRingsMask) >> MhiRegisters.EventRingsShift);

    /// <summary>BHI INTVEC: vector for state changes.</summary>
    internal uint StateVector => Volatile.Read(ref _host[(RegisterLayout.Bhi + BhiRegisters.InterruptVector) / sizeof(uint)]);

    /// <summary>Whether the host holds the device awake with doorbell 127.</summary>
    internal bool IsWakeAsserted => (Volatile.Read(ref _doorbells[Doorbell.DeviceWake].Low) & 1) != 0;

    /// <summary>Reads a pair of 32-bit registers that the host wrote.</summary>
    /// <param name="offset">Offset of the low half.</param>
    /// <returns>The 64-bit value.</returns>
    internal ulong ReadPair(uint offset)
    {
        uint low = Volatile.Read(ref _host[offset / sizeof(uint)]);
        return low | ((ulong)Volatile.Read(ref _host[(offset / sizeof(uint)) + 1]) << 32);
    }

    /// <summary>The newest value of a channel doorbell, if it was rung since the last look.</summary>
    /// <param name="channel">Channel number.</param>
    /// <param name="seen">Count of the last look; updated.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it was rung.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTakeDoorbell(uint channel, ref uint seen, out ulong value)
    {
        // Count before value: pairs with the release stores in HostWrite. The host writes the high half first, so a high
        // half read after the low one is never older than it.
        ref DoorbellCell cell = ref _doorbells[channel];
        uint count = Volatile.Read(ref cell.Count);
        if (count == seen)
        {
            value = 0;
            return false;
        }

        seen = count;
        uint low = Volatile.Read(ref cell.Low);
        value = low | ((ulong)Volatile.Read(ref cell.High) << 32);
        return true;
    }

    /// <summary>How often a channel doorbell was rung; take it before reading the context that goes with it.</summary>
    /// <param name="channel">Channel number.</param>
    /// <returns>The count.</returns>
    internal uint DoorbellCount(uint channel) => Volatile.Read(ref _doorbells[channel].Count);

    /// <summary>How often the command doorbell was rung.</summary>
    /// <returns>The count; read before the value.</returns>
    internal uint CommandDoorbellCount() => Volatile.Read(ref _hostLine.CommandDoorbells);

    /// <summary>The newest value of the command doorbell.</summary>
    /// <returns>Bus address of the element after the last command.</returns>
    internal ulong ReadCommandDoorbell() => ReadPair(MhiRegisters.CommandDoorbell);

    /// <summary>The newest value of an event ring doorbell.</summary>
    /// <param name="ring">Event ring.</param>
    /// <returns>Bus address of the element the device must not write; 0 if never rung.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong ReadEventDoorbell(uint ring) => ReadPair(RegisterLayout.EventDoorbells + (ring * Doorbell.EntryLength));

    /// <summary>Reports a state in MHISTATUS.</summary>
    /// <param name="state">The state.</param>
    internal void ReportState(MhiState state)
    {
        uint flags = state switch
        {
            MhiState.Reset => 0,
            MhiState.SystemError => MhiRegisters.StatusReady | MhiRegisters.StatusSystemError,
            _ => MhiRegisters.StatusReady,
        };
        Volatile.Write(ref _device[MhiRegisters.Status / sizeof(uint)], ((uint)state << MhiRegisters.StateShift) | flags);
    }

    /// <summary>Reports an execution environment in EXECENV.</summary>
    /// <param name="environment">The environment.</param>
    internal void ReportEnvironment(ExecutionEnvironment environment) =>
        Volatile.Write(ref _device[(RegisterLayout.Bhi + BhiRegisters.ExecutionEnvironment) / sizeof(uint)], (uint)environment);

    /// <summary>Reports in BHI STATUS, ERRCODE and ERRDBG how a download ended.</summary>
    /// <param name="status">STATUS, sequence number included; 0 while there is nothing to report.</param>
    /// <param name="code">ERRCODE.</param>
    /// <param name="detail">ERRDBG1.</param>
    /// <param name="address">ERRDBG2, the low half, and ERRDBG3.</param>
    internal void ReportDownload(uint status, uint code, uint detail, ulong address)
    {
        Volatile.Write(ref _device[(RegisterLayout.Bhi + RegisterLayout.BhiErrorCode) / sizeof(uint)], code);
        uint debug = (RegisterLayout.Bhi + RegisterLayout.BhiErrorDebug) / sizeof(uint);
        Volatile.Write(ref _device[debug], detail);
        Volatile.Write(ref _device[debug + 1], (uint)address);
        Volatile.Write(ref _device[debug + 2], (uint)(address >> 32));
        uint clears = Volatile.Read(ref _hostLine.StatusClears);
        Volatile.Write(ref _device[(RegisterLayout.Bhi + BhiRegisters.Status) / sizeof(uint)], status);
        Volatile.Write(ref _clearsReported, clears);
    }

    /// <summary>Says that a reset is finished. MHISTATUS must hold the state after it already.</summary>
    /// <param name="resets">The count of <see cref="Resets"/> that was carried out.</param>
    internal void AcknowledgeReset(uint resets) => Volatile.Write(ref _resetsDone, resets);
}
