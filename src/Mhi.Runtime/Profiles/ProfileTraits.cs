using System;

namespace Mhi.Profiles;

/// <summary>What a device family has or lacks.</summary>
[Flags]
public enum ProfileTraits
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The emergency download doorbell brings the device into that mode.</summary>
    EdlTrigger = 1,

    /// <summary>A wire outside PCIe wakes the device; the host never writes the device wake doorbell.</summary>
    SidebandWake = 2,

    /// <summary>The device must not be suspended to M3.</summary>
    NoM3 = 4,

    /// <summary>The host resets the whole system on chip when it lets go of the device.</summary>
    ResetOnRemove = 8,

    /// <summary>The facts came after the Linux long-term release 6.18, which the other profiles follow.</summary>
    LaterAddition = 16,
}
