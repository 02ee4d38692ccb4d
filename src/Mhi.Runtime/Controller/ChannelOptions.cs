using System;
using Mhi.Channels;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>What a client wants of a channel: its definition's constants as values.</summary>
internal readonly record struct ChannelOptions(string Name, int Mtu, ChannelDirections Directions, int PoolDepth, bool DeliverEmptyPackets)
{
    private const int MaxPoolDepth = 1 << 15;

    /// <summary>Reads a definition and checks it: one written by hand has passed no generator.</summary>
    /// <typeparam name="TDefinition">The definition.</typeparam>
    /// <returns>Its values.</returns>
    /// <exception cref="ArgumentException">A value that no channel can have.</exception>
    internal static ChannelOptions Of<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        var options = new ChannelOptions(
            TDefinition.Name, TDefinition.Mtu, TDefinition.Directions, TDefinition.PoolDepth, TDefinition.DeliverEmptyPackets);
        string type = typeof(TDefinition).Name;
        if (string.IsNullOrEmpty(options.Name))
        {
            throw new ArgumentException($"{type} has no channel name.", nameof(TDefinition));
        }

        if (options.Mtu is < 1 or > RingElement.MaxTransferLength)
        {
            throw new ArgumentException($"{type} has an MTU of {options.Mtu}; 1 to {RingElement.MaxTransferLength} are possible.", nameof(TDefinition));
        }

        if (options.PoolDepth is < 0 or > MaxPoolDepth)
        {
            throw new ArgumentException($"{type} has a pool depth of {options.PoolDepth}; 0 to {MaxPoolDepth} are possible.", nameof(TDefinition));
        }

        if ((options.Directions & ChannelDirections.Both) == 0)
        {
            throw new ArgumentException($"{type} has no direction.", nameof(TDefinition));
        }

        return options;
    }
}
