using System;

namespace Mhi.Nodes;

/// <summary>What a handle is ready for; the values are those of poll(2).</summary>
[Flags]
public enum NodeEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read would return something at once.</summary>
    In = 0x1,

    /// <summary>A write would be taken at once.</summary>
    Out = 0x4,

    /// <summary>The device has gone or is down.</summary>
    Error = 0x8,

    /// <summary>Nothing will come any more.</summary>
    HangUp = 0x10,
}
