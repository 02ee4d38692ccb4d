using System;
using System.Threading;

namespace Mhi.Uci;

/// <summary>The caller's token ended an operation.</summary>
public sealed class UciCanceledException : OperationCanceledException, IUciError
{
    /// <summary>Creates an exception.</summary>
    /// <param name="cancellationToken">The token.</param>
    public UciCanceledException(CancellationToken cancellationToken)
        : base(cancellationToken)
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public UciCanceledException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public UciCanceledException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciCanceledException()
    {
    }

    /// <inheritdoc/>
    public int ErrorCode => UciErrno.Canceled;

    /// <inheritdoc/>
    public int BytesTransferred { get; internal set; }
}
