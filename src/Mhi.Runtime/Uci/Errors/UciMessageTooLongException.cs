using System;

namespace Mhi.Uci;

/// <summary>The message can never be one packet, whatever the ring holds.</summary>
public sealed class UciMessageTooLongException : ArgumentOutOfRangeException, IUciError
{
    /// <summary>Creates an exception.</summary>
    /// <param name="length">Length of the message in bytes.</param>
    /// <param name="limit">Longest message in bytes.</param>
    public UciMessageTooLongException(int length, int limit)
        : base(nameof(length), length, $"One packet of this channel has at most {limit} bytes. Write cuts longer data into packets.")
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">The message.</param>
    public UciMessageTooLongException(string? message)
        : base(null, message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public UciMessageTooLongException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciMessageTooLongException()
    {
    }

    /// <inheritdoc/>
    public int ErrorCode => UciErrno.MessageSize;

    /// <inheritdoc/>
    public int BytesTransferred { get; }
}
