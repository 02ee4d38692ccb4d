using System;
using System.Collections.Immutable;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Profiles;

/// <summary>The device families this version knows.</summary>
public static class KnownProfiles
{
    /// <summary>
    /// Foxconn T99W175, a 5G modem on Qualcomm SDX55. Channel table, event rings and time-outs as the Linux
    /// <c>mhi_pci_generic</c> driver has them for 105b:e0ab.
    /// </summary>
    public static DeviceProfile FoxconnT99W175 { get; } = new(
        "foxconn-t99w175",
        new PciIdentity(0x105b, 0xe0ab, 0x105b, 0xe0ab),
        [
            .. Pair(0, "LOOPBACK", 32, 0),
            .. Pair(4, "DIAG", 32, 1),
            .. Pair(12, "MBIM", 32, 0),
            .. Pair(32, "DUN", 32, 0),
            .. Pair(34, "FIREHOSE", 32, 0, ExecutionEnvironment.FlashProgrammer),
            .. HardwarePair(100, "IP_HW0_MBIM", 128, 2),
        ],
        [
            new EventRingProfile(128, 0, IsHardware: false, CarriesControl: true),
            new EventRingProfile(128, 5, IsHardware: false, CarriesControl: false),
            new EventRingProfile(1024, 1, IsHardware: true, CarriesControl: false),
            new EventRingProfile(1024, 1, IsHardware: true, CarriesControl: false),
        ],
        Timeout: TimeSpan.FromSeconds(20),
        ReadyTimeout: TimeSpan.FromSeconds(20),
        DmaAddressBits: 32);

    private static ImmutableArray<ChannelProfile> Pair(
        byte uplink, string name, int elements, int eventRing, ExecutionEnvironment environment = ExecutionEnvironment.Amss) =>
    [
        new(uplink, name, ChannelType.Outbound, elements, eventRing, environment, BurstMode.Disabled),
        new((byte)(uplink + 1), name, ChannelType.Inbound, elements, eventRing, environment, BurstMode.Disabled),
    ];

    // Accelerated data channels: burst mode, and an event ring of its own for each direction.
    private static ImmutableArray<ChannelProfile> HardwarePair(byte uplink, string name, int elements, int uplinkEventRing) =>
    [
        new(uplink, name, ChannelType.Outbound, elements, uplinkEventRing, ExecutionEnvironment.Amss, BurstMode.Enabled),
        new((byte)(uplink + 1), name, ChannelType.Inbound, elements, uplinkEventRing + 1, ExecutionEnvironment.Amss, BurstMode.Enabled),
    ];
}
