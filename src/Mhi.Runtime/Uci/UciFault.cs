namespace Mhi.Uci;

/// <summary>Why a running node does not work.</summary>
internal enum UciFault
{
    /// <summary>It works.</summary>
    None = 0,

    /// <summary>The controller is in an error: it may recover, or the device may be removed (EIO).</summary>
    Error,

    /// <summary>The channel was reset; the node works again once all handles are closed (ENOTCONN).</summary>
    Down,

    /// <summary>The device is gone for good (ENODEV).</summary>
    Removed,
}
