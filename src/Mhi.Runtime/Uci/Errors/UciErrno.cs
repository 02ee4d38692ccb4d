using Mhi.Controller;

namespace Mhi.Uci;

/// <summary>The errno values that failures carry, as on Linux.</summary>
public static class UciErrno
{
    /// <summary>EIO: the channel could not be started, or the controller is in an error.</summary>
    public const int InputOutput = MhiErrno.InputOutput;

    /// <summary>EBADF: the handle is closed, or was not opened for this.</summary>
    public const int BadHandle = 9;

    /// <summary>EAGAIN: nothing can be done now.</summary>
    public const int WouldBlock = 11;

    /// <summary>ENOMEM: no memory that the device can reach.</summary>
    public const int OutOfMemory = MhiErrno.OutOfMemory;

    /// <summary>EBUSY: a suspend is refused while data is outstanding, an open while a typed channel has it.</summary>
    public const int Busy = MhiErrno.Busy;

    /// <summary>EEXIST: a node of that name exists.</summary>
    public const int Exists = 17;

    /// <summary>ENODEV: there is no such device, or it is gone.</summary>
    public const int NoDevice = MhiErrno.NoDevice;

    /// <summary>EINVAL: a bad argument.</summary>
    public const int InvalidArgument = 22;

    /// <summary>ENOSPC: no minor number is left.</summary>
    public const int NoSpace = 28;

    /// <summary>ESPIPE: a channel has no position.</summary>
    public const int IllegalSeek = 29;

    /// <summary>EMSGSIZE: the message can never be one packet.</summary>
    public const int MessageSize = 90;

    /// <summary>EOPNOTSUPP: the node has no such direction.</summary>
    public const int NotSupported = MhiErrno.NotSupported;

    /// <summary>ENOTCONN: the channel was reset, or exists only in another execution environment.</summary>
    public const int NotConnected = MhiErrno.NotConnected;

    /// <summary>ETIMEDOUT: the time given is over.</summary>
    public const int TimedOut = 110;

    /// <summary>ECANCELED: the caller gave up.</summary>
    public const int Canceled = 125;

    /// <summary>
    /// The errno of what a controller reports, for those who ask it directly: a refused
    /// <see cref="MhiController.SuspendAsync"/> is <see cref="Busy"/>. <see cref="MhiException.ErrorCode"/> says the same.
    /// </summary>
    /// <param name="code">The code of an <see cref="MhiException"/> or <see cref="MhiFailure"/>.</param>
    /// <returns>The errno; 0 for no error.</returns>
    public static int Of(MhiErrorCode code) => MhiErrno.Of(code);
}
