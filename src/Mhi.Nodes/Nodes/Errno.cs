namespace Mhi.Nodes;

/// <summary>Error numbers of Linux that a node answers with.</summary>
public static class Errno
{
    /// <summary>EPERM: not allowed to anybody.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT: there is no such name, or the request is not waiting any more.</summary>
    public const int NoEntry = 2;

    /// <summary>EINTR: a signal ended the wait.</summary>
    public const int Interrupted = 4;

    /// <summary>EIO: the device failed.</summary>
    public const int Io = 5;

    /// <summary>ENXIO: there is no device behind the name.</summary>
    public const int NoAddress = 6;

    /// <summary>EBADF: the file was not opened for this.</summary>
    public const int BadFile = 9;

    /// <summary>EAGAIN: nothing can be done now.</summary>
    public const int Again = 11;

    /// <summary>ENOMEM: there is no memory for it.</summary>
    public const int NoMemory = 12;

    /// <summary>EACCES: permission denied.</summary>
    public const int Access = 13;

    /// <summary>EBUSY: in use.</summary>
    public const int Busy = 16;

    /// <summary>ENODEV: the device has gone.</summary>
    public const int NoDevice = 19;

    /// <summary>EINVAL: the request makes no sense.</summary>
    public const int Invalid = 22;

    /// <summary>ENOTTY: the file does not know this request of ioctl(2).</summary>
    public const int NotTerminal = 25;

    /// <summary>ENOSYS: the server does not know this request.</summary>
    public const int NoSystemCall = 38;

    /// <summary>EMSGSIZE: longer than any message may be.</summary>
    public const int MessageSize = 90;

    /// <summary>ECONNABORTED: the connection to the kernel was aborted.</summary>
    public const int ConnectionAborted = 103;

    /// <summary>ENOBUFS: too much waits to be written already.</summary>
    public const int NoBuffers = 105;

    /// <summary>ENOTCONN: the server behind a mount has gone, or a channel is down.</summary>
    public const int NotConnected = 107;

    /// <summary>ETIMEDOUT: it took too long.</summary>
    public const int TimedOut = 110;
}
