using System;

namespace Mhi.Channels;

/// <summary>The directions a channel has. A channel of MHI is one-way; two of one name make a pair.</summary>
[Flags]
public enum ChannelDirections
{
    /// <summary>No direction; never valid for a definition.</summary>
    None = 0,

    /// <summary>Host to device ("UL", an outbound channel).</summary>
    Uplink = 1,

    /// <summary>Device to host ("DL", an inbound channel).</summary>
    Downlink = 2,

    /// <summary>A pair: uplink and downlink of one name.</summary>
    Both = Uplink | Downlink,
}
