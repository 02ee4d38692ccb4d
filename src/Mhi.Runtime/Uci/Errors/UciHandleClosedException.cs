using System;

namespace Mhi.Uci;

/// <summary>The handle is closed, or was closed under an operation.</summary>
public sealed class UciHandleClosedException : ObjectDisposedException, IUciError
{
    /// <summary>Creates an exception.</summary>
    /// <param name="objectName">Name of the handle's node.</param>
    public UciHandleClosedException(string? objectName)
        : base(objectName, $"The handle of {objectName} is closed. Open the node again.")
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public UciHandleClosedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciHandleClosedException()
        : base(nameof(UciHandle))
    {
    }

    /// <inheritdoc/>
    public int ErrorCode => UciErrno.BadHandle;

    /// <inheritdoc/>
    public int BytesTransferred { get; internal set; }
}
