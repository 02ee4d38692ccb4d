using System;

namespace Mhi.Uci;

/// <summary>The channel was reset, or the device does not run what the channel needs. Close all handles of the node and open it again.</summary>
public sealed class UciChannelDownException : UciIOException
{
    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What was seen and what to do.</param>
    public UciChannelDownException(string message)
        : base(UciErrno.NotConnected, message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What was seen and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public UciChannelDownException(string message, Exception? innerException)
        : base(UciErrno.NotConnected, message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciChannelDownException()
        : base(UciErrno.NotConnected, "The channel was reset, or the device does not run what the channel needs. Close all handles of the node and open it again.")
    {
    }
}
