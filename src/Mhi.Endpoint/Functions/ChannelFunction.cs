using System;

namespace Mhi.Endpoint.Functions;

/// <summary>
/// What answers on one channel pair of the endpoint: a plug-in. It sees whole packets and knows nothing of rings.
/// </summary>
/// <remarks>
/// All members are called by the thread that polls the endpoint, never concurrently, and must not block. After the
/// channel has started nothing here may allocate. Spans are the endpoint's own memory and are valid only during the call.
/// </remarks>
public abstract class ChannelFunction
{
    /// <summary>The host has started the pair (or the one direction it has). State of an earlier run is void.</summary>
    public virtual void OnStarted()
    {
    }

    /// <summary>The host has stopped or reset the pair, or the device itself was reset.</summary>
    public virtual void OnStopped()
    {
    }

    /// <summary>Takes one packet from the host.</summary>
    /// <param name="packet">The whole packet, a chain of elements already joined.</param>
    /// <param name="downlink">Where to answer.</param>
    /// <returns>
    /// Whether the packet was taken. On false nothing may have been sent: the endpoint keeps the packet, takes no further
    /// uplink elements, and offers the same packet again on the next poll.
    /// </returns>
    public abstract bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink);

    /// <summary>Called once per endpoint poll while the pair runs, for functions that send without being asked.</summary>
    /// <param name="downlink">Where to send.</param>
    /// <returns>Whether anything was done.</returns>
    public virtual bool Poll(IDownlink downlink) => false;
}
