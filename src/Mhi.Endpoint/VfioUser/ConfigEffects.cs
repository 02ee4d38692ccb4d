using System;

namespace Mhi.Endpoint.VfioUser;

/// <summary>What a write to configuration space asks of the function beyond keeping the value.</summary>
[Flags]
internal enum ConfigEffects
{
    None = 0,

    /// <summary>Command register, or power state: access to memory may have been switched on or off.</summary>
    Access = 1,

    /// <summary>Function level reset.</summary>
    FunctionReset = 2,
}
