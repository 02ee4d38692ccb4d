using System;
using System.IO;

namespace Mhi.Uci;

/// <summary>A node, its channel or its device could not do what was asked.</summary>
public class UciIOException : IOException, IUciError
{
    /// <summary>Creates an exception.</summary>
    /// <param name="errorCode">The errno.</param>
    /// <param name="message">What was seen, what it means, what to do.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public UciIOException(int errorCode, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorCode = errorCode;
    }

    /// <summary>Creates an exception with a message only: EIO.</summary>
    /// <param name="message">What was seen, what it means, what to do.</param>
    public UciIOException(string message)
        : this(UciErrno.InputOutput, message)
    {
    }

    /// <summary>Creates an exception with a message and its cause: EIO.</summary>
    /// <param name="message">What was seen, what it means, what to do.</param>
    /// <param name="innerException">The cause.</param>
    public UciIOException(string message, Exception? innerException)
        : this(UciErrno.InputOutput, message, innerException)
    {
    }

    /// <summary>Creates an exception without details: EIO.</summary>
    public UciIOException()
        : this(UciErrno.InputOutput, "The operation on the channel failed.")
    {
    }

    /// <inheritdoc/>
    public int ErrorCode { get; }

    /// <inheritdoc/>
    public int BytesTransferred { get; internal set; }
}
