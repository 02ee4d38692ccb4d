using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Mhi.Interop.Linux;
using Mhi.Interop.Threading;

namespace Mhi.Interop.Sockets;

/// <summary>A listening socket at a path of the file system, which only its owner may connect to.</summary>
/// <remarks>Disposing it removes the path.</remarks>
public sealed unsafe class LocalListener : IDisposable
{
    /// <summary>Most bytes of a path: those of a socket's address less what its name has more until it listens.</summary>
    public const int MaxPath = Libc.SocketAddress.MaxPath - 17;

    private const uint OwnerOnly = 0x180; // 0600

    private static uint s_attempts;

    private readonly string _path;
    private int _descriptor;

    private LocalListener(int descriptor, string path)
    {
        _descriptor = descriptor;
        _path = path;
    }

    /// <summary>
    /// Begins to listen. The path appears when the socket listens already, so whoever finds it can connect. A socket file
    /// that nobody listens on any more is replaced.
    /// </summary>
    /// <param name="path">Where; at most <see cref="MaxPath"/> bytes.</param>
    /// <returns>The listener.</returns>
    /// <exception cref="SystemCallException">Somebody listens there, the path is something else, or the kernel refused.</exception>
    public static LocalListener Listen(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Encoding.UTF8.GetByteCount(path) > MaxPath)
        {
            throw new ArgumentException($"The path of a socket to listen on may have at most {MaxPath} bytes.", nameof(path));
        }

        Libc.SocketAddress address = AddressOf(path);
        Libc.SocketAddress hidden = AddressOf($"{path}~{Environment.ProcessId:x}.{Interlocked.Increment(ref s_attempts):x}");
        int descriptor = Libc.CreateSocket(Libc.AddressFamilyUnix, Libc.SocketStream | Libc.SocketCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw new SystemCallException("socket", "create a socket");
        }

        try
        {
            // What an ended process with this number may have left.
            _ = Libc.Unlink(hidden.Path);

            // The mode of the socket before bind is the mode of the file that bind makes.
            _ = Libc.ChangeMode(descriptor, OwnerOnly);
            if (Libc.Bind(descriptor, &hidden, (uint)sizeof(Libc.SocketAddress)) != 0)
            {
                throw new SystemCallException("bind", $"listen on '{path}'");
            }

            if (Libc.Listen(descriptor, 1) != 0)
            {
                throw new SystemCallException("listen", $"listen on '{path}'");
            }

            Show(&hidden, &address, path);
            return new LocalListener(descriptor, path);
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
        finally
        {
            _ = Libc.Unlink(hidden.Path);
        }
    }

    /// <summary>Waits for a client.</summary>
    /// <param name="stop">Ends the wait when signalled. It stays signalled.</param>
    /// <returns>The connection; null when the wait was ended.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public LocalSocket? Accept(EventFd stop)
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        while (LocalSocket.Wait(_descriptor, Libc.PollIn, stop, -1) != SocketWait.Stopped)
        {
            int descriptor = Libc.Accept(_descriptor, null, null, Libc.SocketCloseOnExec);
            if (descriptor >= 0)
            {
                return new LocalSocket(descriptor);
            }

            if (Marshal.GetLastPInvokeError() is not (Libc.ErrorInterrupted or Libc.ErrorAgain or Libc.ErrorConnectionAborted))
            {
                throw new SystemCallException("accept4", $"accept a client on '{_path}'");
            }
        }

        return null;
    }

    /// <summary>Ends listening and removes the path.</summary>
    public void Dispose()
    {
        if (_descriptor < 0)
        {
            return;
        }

        _ = Libc.Close(_descriptor);
        _descriptor = -1;
        Libc.SocketAddress address = AddressOf(_path);
        _ = Libc.Unlink(address.Path);
    }

    internal static Libc.SocketAddress AddressOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Encoding.UTF8.GetByteCount(path) > Libc.SocketAddress.MaxPath || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The path of a socket may have at most {Libc.SocketAddress.MaxPath} bytes and no zero byte.", nameof(path));
        }

        var address = new Libc.SocketAddress { Family = Libc.AddressFamilyUnix };
        _ = Encoding.UTF8.GetBytes(path, new Span<byte>(address.Path, Libc.SocketAddress.MaxPath));
        return address;
    }

    // A second name for the same socket: unlike a new name in place of an old file, it never takes anything away.
    private static void Show(Libc.SocketAddress* hidden, Libc.SocketAddress* address, string path)
    {
        if (Libc.Link(hidden->Path, address->Path) == 0)
        {
            return;
        }

        // A name that exists is to a socket what bind calls an address in use.
        int error = Marshal.GetLastPInvokeError();
        var exception = new SystemCallException("link", $"listen on '{path}'", error == Libc.ErrorExists ? Libc.ErrorAddressInUse : error);
        if (!IsLeftOver(address) || Libc.Unlink(address->Path) != 0 || Libc.Link(hidden->Path, address->Path) != 0)
        {
            throw exception;
        }
    }

    // A socket file whose listener has ended without removing it: connecting is refused, as it is with other kinds of files.
    private static bool IsLeftOver(Libc.SocketAddress* address)
    {
        Libc.FileStatus status;
        if (Libc.Status(Libc.AtCurrentFolder, address->Path, Libc.AtNoFollow, Libc.StatusBasic, &status) != 0
            || (status.Mode & Libc.FileTypeMask) != Libc.FileTypeSocket)
        {
            return false;
        }

        int descriptor = Libc.CreateSocket(Libc.AddressFamilyUnix, Libc.SocketStream | Libc.SocketCloseOnExec, 0);
        if (descriptor < 0)
        {
            return false;
        }

        bool refused = Libc.Connect(descriptor, address, (uint)sizeof(Libc.SocketAddress)) != 0
            && Marshal.GetLastPInvokeError() == Libc.ErrorConnectionRefused;
        _ = Libc.Close(descriptor);
        return refused;
    }
}
