using System;

namespace Mhi.Uci;

/// <summary>What a handle may do, as with open(2).</summary>
[Flags]
public enum UciAccess
{
    /// <summary>Receive from the device.</summary>
    Read = 1,

    /// <summary>Send to the device.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    ReadWrite = Read | Write,
}
