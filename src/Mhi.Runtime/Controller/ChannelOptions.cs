using System;
using Mhi.Channels;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>What a client wants of a channel: its definition's constants, or a program's choices, as values.</summary>
internal readonly record struct ChannelOptions(string Name, int Mtu, ChannelDirections Directions, int PoolDepth, bool DeliverEmptyPackets)
{
    private const int MaxPoolDepth = 1 << 15;

    /// <summary>Bytes offered to the device with each receive buffer; the MTU unless said otherwise, and never more.</summary>
    internal int ReceiveCapacity { get; init; } = Mtu;

    /// <summary>Reads a definition and checks it: one written by hand has passed no generator.</summary>
    /// <typeparam name="TDefinition">The definition.</typeparam>
    /// <returns>Its values.</returns>
    /// <exception cref="ArgumentException">A value that no channel can have.</exception>
    internal static ChannelOptions Of<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        var options = new ChannelOptions(
            TDefinition.Name, TDefinition.Mtu, TDefinition.Directions, TDefinition.PoolDepth, TDefinition.DeliverEmptyPackets);
        options.Check(typeof(TDefinition).Name, nameof(TDefinition));
        return options;
    }

    /// <summary>Checks values of any origin: no channel is opened with others.</summary>
    /// <param name="subject">What the values belong to, as the messages name it.</param>
    /// <param name="parameterName">The caller's parameter that they came from.</param>
    /// <exception cref="ArgumentException">A value that no channel can have.</exception>
    internal void Check(string subject, string parameterName)
    {
        if (string.IsNullOrEmpty(Name))
        {
            throw new ArgumentException($"{subject} has no channel name.", parameterName);
        }

        if (Mtu is < 1 or > RingElement.MaxTransferLength)
        {
            throw new ArgumentException($"{subject} has an MTU of {Mtu}; 1 to {RingElement.MaxTransferLength} are possible.", parameterName);
        }

        if (ReceiveCapacity < 1 || ReceiveCapacity > Mtu)
        {
            throw new ArgumentException($"{subject} has receive buffers of {ReceiveCapacity} bytes; 1 to its MTU of {Mtu} are possible.", parameterName);
        }

        if (PoolDepth is < 0 or > MaxPoolDepth)
        {
            throw new ArgumentException($"{subject} has a pool depth of {PoolDepth}; 0 to {MaxPoolDepth} are possible.", parameterName);
        }

        if ((Directions & ChannelDirections.Both) == 0 || (Directions & ~ChannelDirections.Both) != 0)
        {
            throw new ArgumentException($"{subject} has no direction, or one that there is not ({Directions}).", parameterName);
        }
    }
}
