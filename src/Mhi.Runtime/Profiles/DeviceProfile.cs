using System;
using System.Collections.Immutable;
using Mhi.Pci;

namespace Mhi.Profiles;

/// <summary>What the driver knows of a device family before it meets one: identity, channels, event rings, time-outs.</summary>
/// <param name="Id">Name of the profile.</param>
/// <param name="Identity">PCI identity of its first member.</param>
/// <param name="Channels">Channels, in ascending order of their number.</param>
/// <param name="EventRings">Event rings, by index; ring 0 carries control events.</param>
/// <param name="Timeout">How long the device may take for a reset, M0, mission mode or a command.</param>
/// <param name="ReadyTimeout">How long the device may take to become READY.</param>
/// <param name="DmaAddressBits">Width of the bus addresses the device can reach.</param>
public sealed record DeviceProfile(
    string Id,
    PciIdentity Identity,
    ImmutableArray<ChannelProfile> Channels,
    ImmutableArray<EventRingProfile> EventRings,
    TimeSpan Timeout,
    TimeSpan ReadyTimeout,
    int DmaAddressBits)
{
    /// <summary>Entries of the channel context array; the same in every known device.</summary>
    public const int MaxChannels = 128;
}
