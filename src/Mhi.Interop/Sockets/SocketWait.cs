namespace Mhi.Interop.Sockets;

/// <summary>Why a wait on a socket ended.</summary>
public enum SocketWait
{
    /// <summary>There is something to do, or the other side has gone.</summary>
    Ready,

    /// <summary>The time is over.</summary>
    TimedOut,

    /// <summary>Somebody signalled that the wait is to end.</summary>
    Stopped,
}
