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
    /// <summary>
    /// Whether <see cref="Poll"/> is to be called although the host does nothing. Looked at when the pair starts and after
    /// every step of it; a function that cannot tell answers true for good, which keeps the device from idling.
    /// </summary>
    public virtual bool IsPolled => false;

    /// <summary>The function belongs to a device now, which is still being made. Called once, before anything else.</summary>
    /// <param name="device">The device.</param>
    public virtual void OnAttached(IDeviceControl device)
    {
    }

    /// <summary>
    /// The host has started the first direction of the pair. State of an earlier run is void. The other direction may
    /// still be off: <see cref="IDownlink.CanSend"/> is false until the downlink runs.
    /// </summary>
    public virtual void OnStarted()
    {
    }

    /// <summary>The host has reset the last direction of the pair, or the device itself was reset.</summary>
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

    /// <summary>
    /// Called once per endpoint poll while the pair runs and <see cref="IsPolled"/> is true, for functions that send without
    /// being asked or later than they were asked.
    /// </summary>
    /// <param name="downlink">Where to send.</param>
    /// <returns>Whether anything was done.</returns>
    public virtual bool Poll(IDownlink downlink) => false;
}
