using System;
using Mhi.Channels;

namespace Mhi.Gateway.At;

/// <summary>An open channel as an AT port.</summary>
/// <typeparam name="TDefinition">The channel.</typeparam>
internal sealed class ChannelPort<TDefinition>(MhiDuplexChannel<TDefinition> channel) : IAtPort
    where TDefinition : struct, IChannelDefinition
{
    /// <inheritdoc/>
    public string Name => channel.Name;

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> characters)
    {
        while (!characters.IsEmpty)
        {
            characters = characters[channel.Write(characters)..];
        }
    }

    /// <inheritdoc/>
    public int Receive(Span<byte> destination, TimeSpan? timeout) => channel.Read(destination, timeout);
}
