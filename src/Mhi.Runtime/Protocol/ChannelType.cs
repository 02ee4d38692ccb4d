namespace Mhi.Protocol;

/// <summary>Kind of a channel in its context.</summary>
public enum ChannelType : uint
{
    /// <summary>Not in use.</summary>
    Invalid = 0,

    /// <summary>Uplink: host to device.</summary>
    Outbound = 1,

    /// <summary>Downlink: device to host.</summary>
    Inbound = 2,
}
