using System;
using Mhi.Channels;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>Closes a channel of a stepped host, with the host polled meanwhile.</summary>
internal sealed class ChannelGuard(ScriptedHost host, MhiChannel channel) : IDisposable
{
    public void Dispose() => host.Settle(channel.CloseAsync(TimeSpan.Zero));
}
