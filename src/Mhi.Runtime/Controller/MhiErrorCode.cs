namespace Mhi.Controller;

/// <summary>What went wrong with a device, a channel or a transfer.</summary>
public enum MhiErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The device did not become ready, or did not reach M0, mission mode or M3, in its time.</summary>
    NotReady,

    /// <summary>The device runs software that the operation does not work with.</summary>
    WrongExecutionEnvironment,

    /// <summary>The function has left the bus: registers read as all ones.</summary>
    DeviceRemoved,

    /// <summary>The device reported SYS_ERR.</summary>
    SystemError,

    /// <summary>The device wrote something the protocol forbids.</summary>
    ProtocolViolation,

    /// <summary>The device did not answer a command in time.</summary>
    CommandTimedOut,

    /// <summary>The device refused a command.</summary>
    CommandRefused,

    /// <summary>The device's profile has no such channel, or not in this direction.</summary>
    ChannelNotFound,

    /// <summary>The channel is open already.</summary>
    ChannelBusy,

    /// <summary>The channel was stopped: closed, reset, or the controller was powered down.</summary>
    ChannelStopped,

    /// <summary>The controller is not powered up.</summary>
    NotPoweredUp,

    /// <summary>No DMA memory, or no bus address that the device can reach.</summary>
    OutOfMemory,

    /// <summary>A transfer failed on the device's side.</summary>
    TransferFailed,

    /// <summary>Not now: what is under way must end first.</summary>
    Busy,

    /// <summary>The device's family cannot do what was asked.</summary>
    NotSupported,
}
