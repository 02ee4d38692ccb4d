using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mhi.Interop;

/// <summary>A system call failed. The message names the call and what it was for; the code is the errno.</summary>
public sealed class SystemCallException : Win32Exception
{
    /// <summary>Creates the exception for the errno captured by the last call of this thread.</summary>
    /// <param name="call">Name of the call.</param>
    /// <param name="purpose">What it was to do, as a clause.</param>
    internal SystemCallException(string call, string purpose)
        : this(call, purpose, Marshal.GetLastPInvokeError())
    {
    }

    /// <summary>Creates the exception for an errno.</summary>
    /// <param name="call">Name of the call.</param>
    /// <param name="purpose">What it was to do, as a clause.</param>
    /// <param name="error">The errno.</param>
    public SystemCallException(string call, string purpose, int error)
        : base(error, $"Cannot {purpose}: {call} failed with \"{Marshal.GetPInvokeErrorMessage(error)}\" (errno {error}).")
    {
        Call = call;
    }

    /// <summary>Name of the call that failed.</summary>
    public string Call { get; }
}
