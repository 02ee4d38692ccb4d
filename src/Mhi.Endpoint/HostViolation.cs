namespace Mhi.Endpoint;

/// <summary>What a host can do wrong towards the device. The device refuses it, counts it, and goes on.</summary>
public enum HostViolation
{
    /// <summary>A doorbell or write pointer outside its ring.</summary>
    PointerOutsideRing,

    /// <summary>A doorbell or write pointer that is not a multiple of the element size from the ring's base.</summary>
    PointerUnaligned,

    /// <summary>A write pointer that passes elements the device has not taken yet.</summary>
    RingOverrun,

    /// <summary>Ring elements at addresses that the device may not read.</summary>
    RingUnreachable,

    /// <summary>A transfer ring element of another type than transfer.</summary>
    BadElement,

    /// <summary>A buffer at addresses that the device may not access.</summary>
    BufferUnreachable,

    /// <summary>An uplink descriptor longer than the device can join.</summary>
    PacketTooLong,

    /// <summary>A command of unknown type.</summary>
    UnknownCommand,

    /// <summary>A command for a channel that the device does not have.</summary>
    UnknownChannel,

    /// <summary>A command that the channel's state does not allow.</summary>
    CommandOutOfState,

    /// <summary>A channel context that cannot be used.</summary>
    InvalidChannelContext,

    /// <summary>An event context that cannot be used, or an event ring that stopped being writable.</summary>
    InvalidEventContext,

    /// <summary>A command context that cannot be used.</summary>
    InvalidCommandContext,

    /// <summary>A context array at a wrong address, or more event rings than the device has.</summary>
    InvalidConfiguration,

    /// <summary>A state requested in MHICTRL that cannot be entered from the present one.</summary>
    InvalidStateRequest,

    /// <summary>A boot image of a size or at addresses that cannot be read, or not the expected one.</summary>
    ImageRefused,

    /// <summary>An image doorbell of a device that does not wait for an image.</summary>
    ImageOutOfState,
}
