namespace Mhi.Channels;

/// <summary>How a Try operation on a channel ended.</summary>
public enum ChannelStatus
{
    /// <summary>Done, whole.</summary>
    Done = 0,

    /// <summary>Nothing was done: no free buffer, or nothing to read. Try again later, or wait.</summary>
    WouldBlock,

    /// <summary>
    /// Nothing was done and nothing will be: the channel is closed or the device is gone. The blocking and asynchronous
    /// forms throw the reason.
    /// </summary>
    Down,
}
