using System;
using Mhi.Controller;

namespace Mhi;

/// <summary>The device, its channel or the link did something that the operation cannot go on with.</summary>
/// <remarks>The message says what was seen, what it means and what to do; <see cref="Code"/> and <see cref="ErrorCode"/> are for programs.</remarks>
public sealed class MhiException : Exception
{
    /// <summary>Creates an exception without details.</summary>
    public MhiException()
        : this(MhiErrorCode.None, "The MHI operation failed.")
    {
    }

    /// <summary>Creates an exception with a message only.</summary>
    /// <param name="message">What was seen, what it means, what to do.</param>
    public MhiException(string message)
        : this(MhiErrorCode.None, message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What was seen, what it means, what to do.</param>
    /// <param name="innerException">The cause.</param>
    public MhiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">What was seen, what it means, what to do.</param>
    /// <param name="channel">Name of the channel concerned, if it was one.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public MhiException(MhiErrorCode code, string message, string? channel = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Channel = channel;
    }

    /// <summary>What went wrong.</summary>
    public MhiErrorCode Code { get; }

    /// <summary>
    /// The errno that stands for <see cref="Code"/>, as on Linux: EBUSY for a suspend refused while data is outstanding, ENODEV
    /// for a device that is gone, EIO for most, and for a failure without a code.
    /// </summary>
    public int ErrorCode => Code == MhiErrorCode.None ? MhiErrno.InputOutput : MhiErrno.Of(Code);

    /// <summary>Name of the channel concerned, or null.</summary>
    public string? Channel { get; }

    /// <summary>What the device's registers said, where they were looked at.</summary>
    public DeviceSnapshot? Seen { get; init; }
}
