namespace Mhi.Uci;

/// <summary>Outcome of a call that does not block.</summary>
public enum UciStatus
{
    /// <summary>Done; the result says how much.</summary>
    Done = 0,

    /// <summary>Nothing could be done now, and nothing has changed (EAGAIN).</summary>
    WouldBlock = 1,
}
