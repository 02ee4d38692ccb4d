using System;
using System.IO;

namespace Mhi.Uci;

/// <summary>There is no node of that name or minor number.</summary>
public class UciNodeNotFoundException : FileNotFoundException, IUciError
{
    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What was seen and what to do.</param>
    public UciNodeNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What was seen and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public UciNodeNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciNodeNotFoundException()
    {
    }

    /// <inheritdoc/>
    public int ErrorCode => UciErrno.NoDevice;

    /// <inheritdoc/>
    public int BytesTransferred { get; }
}
