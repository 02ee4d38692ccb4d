using System;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Registers;
using Mhi.Interop.Threading;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <summary>What the emulated devices have in common, however a host reaches them.</summary>
internal static class EndpointParts
{
    // NHWCH of an SDX55: the channels it sets aside for its accelerator, whether a profile uses them or not.
    private const byte HardwareChannels = 32;

    // Beyond those of the profile: another version of a host's driver may have more of them for the same device.
    private const int SpareEventRings = 4;

    /// <summary>Makes the registers of a device family.</summary>
    /// <param name="profile">The family.</param>
    /// <returns>The registers, as after power on.</returns>
    internal static EndpointRegisters CreateRegisters(DeviceProfile profile) =>
        new(
            EndpointIdentity.Emulated,
            DeviceProfile.MaxChannels,
            HardwareChannels,
            Math.Min(profile.EventRings.Length + SpareEventRings, EndpointRegisters.MaxEventRings),
            new Parker());

    /// <summary>The usual functions, as <see cref="KnownFunctions.UsualFor"/> has them.</summary>
    /// <param name="profile">The family.</param>
    /// <param name="functions">Functions by channel name, in place of the usual ones; null for none.</param>
    /// <returns>Functions by channel name.</returns>
    internal static Dictionary<string, ChannelFunction> CreateFunctions(
        DeviceProfile profile, IReadOnlyDictionary<string, ChannelFunction>? functions)
    {
        var all = new Dictionary<string, ChannelFunction>(StringComparer.Ordinal);
        foreach (ChannelProfile channel in profile.Channels)
        {
            if (channel.Environment != ExecutionEnvironment.Amss || all.ContainsKey(channel.Name))
            {
                continue;
            }

            if (functions?.ContainsKey(channel.Name) != true)
            {
                all.Add(channel.Name, KnownFunctions.Create(KnownFunctions.UsualFor(channel.Name))!);
            }
        }

        foreach ((string channel, ChannelFunction function) in functions ?? new Dictionary<string, ChannelFunction>())
        {
            all[channel] = function;
        }

        return all;
    }
}
