using System;

namespace Mhi.Uci;

/// <summary>What a handle is ready for; values as in poll(2).</summary>
[Flags]
public enum UciPollEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A byte could be read at once, or the empty end of a message received.</summary>
    In = 0x1,

    /// <summary>
    /// A descriptor is free: a write of up to one MTU is taken at once, unless another writer waits for room for a longer
    /// message and is served first.
    /// </summary>
    Out = 0x4,

    /// <summary>The channel or its device is in an error.</summary>
    Error = 0x8,

    /// <summary>The device is gone or the channel was reset; nothing new will arrive on this handle.</summary>
    HangUp = 0x10,
}
