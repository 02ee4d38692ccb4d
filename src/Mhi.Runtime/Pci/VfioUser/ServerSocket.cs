using System;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Sockets;

namespace Mhi.Pci.VfioUser;

/// <summary>Finds a server, and says what is wrong when there is none.</summary>
internal static class ServerSocket
{
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int Again = 11;
    private const int AccessDenied = 13;
    private const int NotDirectory = 20;
    private const int WrongType = 91;
    private const int Refused = 111;

    /// <summary>Connects.</summary>
    /// <param name="path">Path of the socket.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MhiException">It cannot be had; the message says why.</exception>
    internal static LocalSocket Connect(string path)
    {
        try
        {
            return LocalSocket.Connect(path);
        }
        catch (SystemCallException exception)
        {
            (MhiErrorCode code, string sentence) = Explain(path, exception);
            throw new MhiException(code, sentence, innerException: exception);
        }
        catch (ArgumentException exception)
        {
            throw new MhiException(
                MhiErrorCode.DeviceNotFound,
                $"'{path}' can be no socket: its path has more than {LocalSocket.MaxPath} bytes, or a zero byte. A path relative to the present directory is shorter.",
                innerException: exception);
        }
    }

    private static (MhiErrorCode Code, string Sentence) Explain(string path, SystemCallException exception) => exception.NativeErrorCode switch
    {
        NoEntry or NotDirectory => (
            MhiErrorCode.DeviceNotFound,
            $"There is no socket '{path}'. Start the device first, such as with `mhi endpoint --vfio-user {path}`."),
        Refused => (
            MhiErrorCode.DeviceNotFound,
            $"Nobody listens at '{path}': it is no socket, or the process that made it has ended. Start the device again."),
        WrongType => (
            MhiErrorCode.DeviceNotFound,
            $"The socket '{path}' is of another kind than vfio-user uses, which is a stream. Give the socket of a vfio-user server."),
        AccessDenied or NotPermitted => (
            MhiErrorCode.PermissionDenied,
            $"This user may not connect to '{path}'. Run as the user who started the device, or change the owner or mode of the socket and its directory."),
        Again => (
            MhiErrorCode.DeviceInUse,
            $"The server at '{path}' accepts nobody: it serves another client, and more are waiting. End the other client, or start another device."),
        _ => (MhiErrorCode.DeviceNotFound, exception.Message),
    };
}
