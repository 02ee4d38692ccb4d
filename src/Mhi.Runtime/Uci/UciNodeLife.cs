namespace Mhi.Uci;

/// <summary>Where a node's channel is in its life.</summary>
internal enum UciNodeLife
{
    /// <summary>Nobody has it open.</summary>
    Stopped = 0,

    /// <summary>A first open is under way.</summary>
    Starting,

    /// <summary>Handles are open.</summary>
    Running,

    /// <summary>A last close is under way, or what is left of an open that failed is being cleared away.</summary>
    Stopping,
}
