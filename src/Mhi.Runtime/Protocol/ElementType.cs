namespace Mhi.Protocol;

/// <summary>Type of a ring element: bits [23:16] of its last word. Commands, transfers and events share the field.</summary>
public enum ElementType : byte
{
    /// <summary>An element nobody has written, or one already consumed.</summary>
    None = 0x00,

    /// <summary>Transfer element.</summary>
    Transfer = 0x02,

    /// <summary>Command: reset a channel.</summary>
    ResetChannel = 0x10,

    /// <summary>Command: stop a channel.</summary>
    StopChannel = 0x11,

    /// <summary>Command: start a channel.</summary>
    StartChannel = 0x12,

    /// <summary>Event: the device changed its state.</summary>
    StateChange = 0x20,

    /// <summary>Event: a command completed.</summary>
    CommandCompletion = 0x21,

    /// <summary>Event: a transfer completed.</summary>
    TransferCompletion = 0x22,

    /// <summary>Event: the execution environment changed.</summary>
    ExecutionEnvironmentChange = 0x40,

    /// <summary>Event: the device asks for another link speed or width.</summary>
    BandwidthRequest = 0x50,
}
