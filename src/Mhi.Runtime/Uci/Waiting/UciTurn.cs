namespace Mhi.Uci.Waiting;

/// <summary>What came of asking for a turn.</summary>
internal enum UciTurn
{
    /// <summary>The operation has the turn.</summary>
    Taken,

    /// <summary>The operation has ended without it.</summary>
    Ended,

    /// <summary>The operation waits; it may already be running on another thread.</summary>
    Waits,
}
