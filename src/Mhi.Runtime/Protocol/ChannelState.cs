namespace Mhi.Protocol;

/// <summary>State of a channel in its context.</summary>
public enum ChannelState : byte
{
    /// <summary>Not configured, or after RESET.</summary>
    Disabled = 0,

    /// <summary>Configured by the host; START may follow.</summary>
    Enabled = 1,

    /// <summary>Started by the device.</summary>
    Running = 2,

    /// <summary>Device in M3.</summary>
    Suspended = 3,

    /// <summary>After STOP.</summary>
    Stop = 4,

    /// <summary>Failed.</summary>
    Error = 5,
}
