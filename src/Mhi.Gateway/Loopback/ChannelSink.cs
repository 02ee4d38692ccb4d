using System;
using Mhi.Channels;

namespace Mhi.Gateway.Loopback;

/// <summary>Sends on a channel.</summary>
/// <typeparam name="TDefinition">The channel.</typeparam>
/// <param name="channel">The open channel.</param>
internal readonly struct ChannelSink<TDefinition>(MhiDuplexChannel<TDefinition> channel) : IPacketSink
    where TDefinition : struct, IChannelDefinition
{
    /// <inheritdoc/>
    public int Write(ReadOnlySpan<byte> packet) => channel.Write(packet);
}
