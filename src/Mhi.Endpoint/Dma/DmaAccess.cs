using System;

namespace Mhi.Endpoint.Dma;

/// <summary>What the device may do with a mapped range.</summary>
[Flags]
public enum DmaAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The device may read.</summary>
    Read = 1,

    /// <summary>The device may write.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    ReadWrite = Read | Write,
}
