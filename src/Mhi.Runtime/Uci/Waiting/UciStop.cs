namespace Mhi.Uci.Waiting;

/// <summary>What ends an operation that has not done what it is for.</summary>
internal enum UciStop
{
    None = 0,
    Closed,
    Canceled,
    TimedOut,
}
