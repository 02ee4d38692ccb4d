using System;
using System.IO;

namespace Mhi.Nodes;

/// <summary>A node cannot be opened or served.</summary>
public sealed class NodeException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do about it.</param>
    /// <param name="errorCode">The error number that a program opening the node gets.</param>
    /// <param name="cause">What led to it.</param>
    public NodeException(string message, int errorCode = Errno.Io, Exception? cause = null)
        : base(message, cause)
    {
        ErrorCode = errorCode;
    }

    /// <summary>The error number, positive.</summary>
    public int ErrorCode { get; }
}
