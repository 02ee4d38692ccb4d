using System;

namespace Mhi.Uci;

/// <summary>The device of an open handle is gone. Close the handle; a device that returns has a new node.</summary>
public sealed class UciDeviceRemovedException : UciIOException
{
    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What was seen and what to do.</param>
    public UciDeviceRemovedException(string message)
        : base(UciErrno.NoDevice, message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What was seen and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public UciDeviceRemovedException(string message, Exception? innerException)
        : base(UciErrno.NoDevice, message, innerException)
    {
    }

    /// <summary>Creates an exception without details.</summary>
    public UciDeviceRemovedException()
        : base(UciErrno.NoDevice, "The device of an open handle is gone. Close the handle; a device that returns has a new node.")
    {
    }
}
