using System;
using System.IO;

namespace Mhi.Gateway.Output;

/// <summary>Reads what the system said out of an I/O exception.</summary>
internal static class IoFault
{
    private const int ErrorInput = 5;
    private const int ErrorNoSpace = 28;
    private const int ErrorPipe = 32;

    /// <summary>Whether the reader of a pipe has gone.</summary>
    /// <param name="exception">The exception; on Linux its result is the error number.</param>
    /// <returns>True after EPIPE.</returns>
    internal static bool IsClosedPipe(IOException exception) => exception.HResult == ErrorPipe;

    /// <summary>The reason in words, for the middle of a sentence.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Words without a full stop and without the file's name.</returns>
    internal static string Reason(IOException exception)
    {
        switch (exception.HResult)
        {
            case ErrorInput:
                return "the device behind it reported an I/O error";
            case ErrorNoSpace:
                return "no space is left on its device";
            case ErrorPipe:
                return "its reader has closed it";
            default:
                string message = exception.Message;
                int path = message.IndexOf(" : '", StringComparison.Ordinal);
                return (path < 0 ? message : message[..path]).TrimEnd('.');
        }
    }
}
