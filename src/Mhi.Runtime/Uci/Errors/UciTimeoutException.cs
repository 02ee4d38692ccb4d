using System;

namespace Mhi.Uci;

/// <summary>The time given for an operation is over. What was not taken stays where it was.</summary>
public class UciTimeoutException : TimeoutException, IUciError
{
    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What was seen and what to do.</param>
    public UciTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What was seen and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public UciTimeoutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciTimeoutException()
    {
    }

    /// <inheritdoc/>
    public int ErrorCode => UciErrno.TimedOut;

    /// <inheritdoc/>
    public int BytesTransferred { get; internal set; }
}
