using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;
using Mhi.Protocol;

namespace Mhi.Endpoint.Registers;

/// <summary>The endpoint's BAR: 4 KiB of 32-bit registers between one host thread and one device thread.</summary>
/// <remarks>
/// <para>Every word has one writer. What both sides write on the wire is kept in two halves and put together when it is
/// read: MHICTRL.RESET is a host count of resets against a device count of resets done, MHICFG the host's ring numbers
/// beside the device's channel numbers, BHI STATUS the device's report unless the host has cleared it since. A reset puts host-written registers back on the thread of the write.</para>
/// <para>Order, host to device: a value is stored before the count that announces it, with release; the device loads the
/// count with acquire and then the value. A value newer than the count it was found under is harmless, because its own
/// count brings it again. Device to host: MHISTATUS is stored before the count of resets done.</para>
/// <para>A doorbell carries state, not an event: only the newest value counts, and the write of the low half commits it.</para>
/// </remarks>
public sealed partial class EndpointRegisters
{
    /// <summary>Length of the BAR in bytes.</summary>
    public const uint Length = 0x1000;

    /// <summary>Event ring doorbells the device has.</summary>
    public const int MaxEventRings = 32;

    private readonly Parker _parker;
    private readonly MaskedArray<uint> _host = new((int)Length / sizeof(uint));
    private readonly MaskedArray<uint> _device = new((int)Length / sizeof(uint));
    private readonly MaskedArray<DoorbellCell> _doorbells = new(Doorbell.ChannelCount);
    private HostLine _hostLine;
    private volatile bool _hasLeftBus;
    private uint _resetsDone;
    private uint _clearsReported;

    /// <summary>Creates the registers as they are after power on.</summary>
    /// <param name="identity">What the identification registers report.</param>
    /// <param name="channels">NCH: channels of the device.</param>
    /// <param name="hardwareChannels">NHWCH: how many of them belong to the accelerator.</param>
    /// <param name="eventRings">Event rings the device supports; NER until the host writes its own number.</param>
    /// <param name="parker">Where the device thread sleeps; woken by every write it may wait for.</param>
    public EndpointRegisters(EndpointIdentity identity, byte channels, byte hardwareChannels, int eventRings, Parker parker)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(parker);
        ArgumentOutOfRangeException.ThrowIfLessThan(eventRings, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(eventRings, MaxEventRings);
        _parker = parker;
        EventRings = eventRings;
        SetConstant(MhiRegisters.RegisterLength, RegisterLayout.MhiLength);
        SetConstant(MhiRegisters.Version, RegisterLayout.MhiVersion);
        SetConstant(MhiRegisters.Configuration, ((uint)hardwareChannels << 8) | channels);
        SetConstant(MhiRegisters.ChannelDoorbellOffset, RegisterLayout.ChannelDoorbells);
        SetConstant(MhiRegisters.EventDoorbellOffset, RegisterLayout.EventDoorbells);
        SetConstant(MhiRegisters.BhiOffset, RegisterLayout.Bhi);
        SetConstant(MhiRegisters.BhieOffset, RegisterLayout.Bhie);
        SetConstant(MhiRegisters.SocHardwareVersion, identity.SocHardwareVersion);
        SetConstant(RegisterLayout.Bhi + RegisterLayout.BhiVersionMajor, 1);
        SetConstant(RegisterLayout.Bhi + BhiRegisters.SerialNumber, identity.SerialNumber);
        uint offset = RegisterLayout.Bhi + RegisterLayout.BhiOemKeyHash;
        ReadOnlySpan<uint> hash = identity.OemKeyHash.AsSpan();
        foreach (uint word in hash[..Math.Min(hash.Length, RegisterLayout.BhiOemKeyHashWords)])
        {
            SetConstant(offset, word);
            offset += sizeof(uint);
        }

        ResetHostRegisters();
    }

    /// <summary>Event rings the device supports.</summary>
    public int EventRings { get; }

    /// <summary>Where the device thread sleeps.</summary>
    internal Parker Parker => _parker;

    private void SetConstant(uint offset, uint value) => _device[offset / sizeof(uint)] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Increment(ref uint word) => Volatile.Write(ref word, word + 1);
}
