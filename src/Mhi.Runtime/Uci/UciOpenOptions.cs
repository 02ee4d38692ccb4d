using System;

namespace Mhi.Uci;

/// <summary>How a node is opened.</summary>
public sealed record UciOpenOptions
{
    /// <summary>What the handle may do.</summary>
    public UciAccess Access { get; init; } = UciAccess.ReadWrite;

    /// <summary>Whether calls that could block return at once instead; can be changed on the handle.</summary>
    public bool NonBlocking { get; init; }

    /// <summary>Longest wait for the channel to start; null sets no limit but the device's own time-outs.</summary>
    public TimeSpan? Timeout { get; init; }
}
