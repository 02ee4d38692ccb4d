using System;

namespace Mhi.Endpoint.Functions;

/// <summary>The way from a channel function to the host.</summary>
public interface IDownlink
{
    /// <summary>Whether <see cref="TrySend"/> would take a packet now.</summary>
    bool CanSend { get; }

    /// <summary>
    /// Sends one packet. A packet longer than the host's buffers continues in the next ones (OVERFLOW, then EOT); what
    /// finds no buffer yet stays in the endpoint and goes out as the host posts more.
    /// </summary>
    /// <param name="packet">The packet, copied before the call returns.</param>
    /// <returns>False when an earlier packet is still waiting for buffers; nothing is sent then.</returns>
    bool TrySend(ReadOnlySpan<byte> packet);
}
