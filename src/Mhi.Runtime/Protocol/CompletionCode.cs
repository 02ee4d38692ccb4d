namespace Mhi.Protocol;

/// <summary>Completion codes of transfer and command events.</summary>
public enum CompletionCode : byte
{
    /// <summary>Never valid.</summary>
    Invalid = 0x00,

    /// <summary>A command was carried out.</summary>
    Success = 0x01,

    /// <summary>End of transfer: the descriptor is complete.</summary>
    EndOfTransfer = 0x02,

    /// <summary>The packet did not fit and continues in the next element.</summary>
    Overflow = 0x03,

    /// <summary>End of block: an element inside a chain is complete.</summary>
    EndOfBlock = 0x04,

    /// <summary>Out of buffers: the device stopped polling and wants a doorbell.</summary>
    OutOfBuffers = 0x05,

    /// <summary>The device left burst mode and wants a doorbell.</summary>
    DoorbellMode = 0x06,

    /// <summary>Failed, no reason given.</summary>
    UndefinedError = 0x10,

    /// <summary>The device found the element itself wrong.</summary>
    BadElement = 0x11,
}
