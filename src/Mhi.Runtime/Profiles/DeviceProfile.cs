using System;
using System.Collections.Immutable;
using System.Numerics;
using Mhi.Pci;
using Mhi.Protocol;

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

    /// <summary>The PCI functions that are such a device, in match order.</summary>
    public ImmutableArray<PciIdPattern> PciIds { get; init; } = [];

    /// <summary>Firmware a host downloads to a device in its primary boot loader; null where the device boots by itself.</summary>
    public string? BootImage { get; init; }

    /// <summary>Flash programmer a host downloads in emergency download mode; null where none is known.</summary>
    public string? EdlImage { get; init; }

    /// <summary>Largest packet a network client should expect, in bytes; 0 leaves it to the client.</summary>
    public int Mru { get; init; }

    /// <summary>Width of the bus addresses a virtual function can reach.</summary>
    public int VirtualFunctionDmaAddressBits { get; init; } = DmaAddressBits;

    /// <summary>What the family has or lacks.</summary>
    public ProfileTraits Traits { get; init; }

    // What a 64 KiB ring holds; larger than any device's.
    private const int MaxElements = 4096;

    /// <summary>Checks what a profile made by hand may have wrong.</summary>
    /// <exception cref="ArgumentException">A value that no device can have; the message names it.</exception>
    internal void Validate()
    {
        if (EventRings.IsDefaultOrEmpty || !EventRings[0].CarriesControl)
        {
            throw new ArgumentException($"Profile {Id}: event ring 0 must exist and carry control events.");
        }

        foreach (EventRingProfile ring in EventRings)
        {
            ThrowIfNoRing(ring.Elements, "an event ring");
        }

        foreach (ChannelProfile channel in Channels)
        {
            if (channel.Number >= Doorbell.DeviceWake)
            {
                throw new ArgumentException($"Profile {Id}: channel {channel.Number} ({channel.Name}) is out of range; 0 to {Doorbell.DeviceWake - 1} are channels.");
            }

            if (channel.EventRing < 0 || channel.EventRing >= EventRings.Length)
            {
                throw new ArgumentException($"Profile {Id}: channel {channel.Number} ({channel.Name}) names event ring {channel.EventRing}, but there are {EventRings.Length}.");
            }

            ThrowIfNoRing(channel.Elements, $"the ring of channel {channel.Number} ({channel.Name})");
        }
    }

    private void ThrowIfNoRing(int elements, string what)
    {
        if (elements < 2 || elements > MaxElements || !BitOperations.IsPow2(elements))
        {
            throw new ArgumentException($"Profile {Id}: {what} has {elements} elements; a power of two from 2 to {MaxElements} is needed.");
        }
    }
}
