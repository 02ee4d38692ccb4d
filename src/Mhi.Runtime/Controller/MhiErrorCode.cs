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

    /// <summary>The function has left the bus, registers read as all ones; or it is being taken away from this program.</summary>
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

    /// <summary>There is no such device, or nobody answers at its address.</summary>
    DeviceNotFound,

    /// <summary>What the device is reached through is missing from this system: a kernel module, an interface.</summary>
    TransportUnavailable,

    /// <summary>No IOMMU protects the device.</summary>
    NoIommu,

    /// <summary>The device is not bound to the driver that hands it to programs.</summary>
    NotBound,

    /// <summary>The user may not open the device.</summary>
    PermissionDenied,

    /// <summary>Another program uses the device.</summary>
    DeviceInUse,

    /// <summary>A device of the same IOMMU group is in use by the kernel.</summary>
    GroupNotViable,

    /// <summary>The machine cannot keep a device from raising interrupts that are not its own.</summary>
    NoInterruptRemapping,

    /// <summary>The limit of locked memory is too low for the DMA buffers.</summary>
    LockedMemoryLimit,

    /// <summary>The function got no interrupt vector, or its interrupts do not arrive.</summary>
    NoInterrupts,

    /// <summary>The function is no device that the operation can work with: identity, BAR or configuration do not fit.</summary>
    NotAnMhiDevice,
}
