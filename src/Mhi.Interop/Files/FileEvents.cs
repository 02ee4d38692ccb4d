using System;

namespace Mhi.Interop.Files;

/// <summary>What poll(2) says about a file.</summary>
[Flags]
public enum FileEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Something can be read.</summary>
    In = 0x1,

    /// <summary>Something can be written.</summary>
    Out = 0x4,

    /// <summary>The file is broken.</summary>
    Error = 0x8,

    /// <summary>The other side has gone.</summary>
    HangUp = 0x10,
}
