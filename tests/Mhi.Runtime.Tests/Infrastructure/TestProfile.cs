using System;
using System.Collections.Immutable;
using System.Linq;
using Mhi.Channels;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>Device families made for tests: few channels, rings as small as wanted, one event ring.</summary>
internal static class TestProfile
{
    /// <summary>A family with duplex channels of equal rings.</summary>
    /// <param name="elements">Elements of each transfer ring, a power of two from 2; one less can be outstanding.</param>
    /// <param name="names">Channel names; LOOPBACK if none. The first has the numbers 0 and 1, the next 2 and 3, and so on.</param>
    public static DeviceProfile Of(int elements, params string[] names) => Of(elements, elements, ChannelDirections.Both, names);

    /// <summary>A family whose channels have the directions and rings wanted.</summary>
    /// <param name="uplinkElements">Elements of each uplink ring.</param>
    /// <param name="downlinkElements">Elements of each downlink ring.</param>
    /// <param name="directions">What each channel has.</param>
    /// <param name="names">Channel names; LOOPBACK if none.</param>
    public static DeviceProfile Of(int uplinkElements, int downlinkElements, ChannelDirections directions, params string[] names)
    {
        names = names.Length == 0 ? ["LOOPBACK"] : names;
        var channels = ImmutableArray.CreateBuilder<ChannelProfile>();
        for (int i = 0; i < names.Length; i++)
        {
            if ((directions & ChannelDirections.Uplink) != 0)
            {
                channels.Add(Channel(2 * i, names[i], ChannelType.Outbound, uplinkElements));
            }

            if ((directions & ChannelDirections.Downlink) != 0)
            {
                channels.Add(Channel((2 * i) + 1, names[i], ChannelType.Inbound, downlinkElements));
            }
        }

        return new DeviceProfile(
            "test",
            new(0x17cb, 0x0001, 0, 0),
            channels.ToImmutable(),
            [new EventRingProfile(64, 0, IsHardware: false, CarriesControl: true)],
            TimeSpan.FromSeconds(20),
            TimeSpan.FromSeconds(20),
            64);
    }

    /// <summary>The family with every channel in a doorbell mode.</summary>
    public static DeviceProfile InBurstMode(this DeviceProfile profile, BurstMode mode) =>
        profile with { Channels = [.. profile.Channels.Select(channel => channel with { BurstMode = mode })] };

    private static ChannelProfile Channel(int number, string name, ChannelType type, int elements) =>
        new((byte)number, name, type, elements, 0, ExecutionEnvironment.Amss, BurstMode.Disabled);
}
