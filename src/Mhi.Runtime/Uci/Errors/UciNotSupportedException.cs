using System;

namespace Mhi.Uci;

/// <summary>The handle was not opened for this, the node has no such direction, or channels cannot do it at all.</summary>
public sealed class UciNotSupportedException : NotSupportedException, IUciError
{
    /// <summary>Creates an exception.</summary>
    /// <param name="errorCode">The errno.</param>
    /// <param name="message">What was asked and what is possible.</param>
    public UciNotSupportedException(int errorCode, string message)
        : base(message)
    {
        ErrorCode = errorCode;
    }

    /// <summary>Creates an exception with a message: EOPNOTSUPP.</summary>
    /// <param name="message">What was asked and what is possible.</param>
    public UciNotSupportedException(string message)
        : this(UciErrno.NotSupported, message)
    {
    }

    /// <summary>Creates an exception with a message and its cause: EOPNOTSUPP.</summary>
    /// <param name="message">What was asked and what is possible.</param>
    /// <param name="innerException">The cause.</param>
    public UciNotSupportedException(string message, Exception? innerException)
        : base(message, innerException)
    {
        ErrorCode = UciErrno.NotSupported;
    }

    /// <summary>Creates an exception without details: EOPNOTSUPP.</summary>
    public UciNotSupportedException()
        : this(UciErrno.NotSupported, "The handle does not support this operation.")
    {
    }

    /// <inheritdoc/>
    public int ErrorCode { get; }

    /// <inheritdoc/>
    public int BytesTransferred { get; }
}
