using System;
using Mhi.Interop;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;

namespace Mhi.Endpoint.VfioUser;

/// <summary>Offers a device at a socket, to one client after the other.</summary>
/// <remarks>A client must find the socket when it starts: it exists from the constructor to <see cref="Dispose"/>.</remarks>
public sealed class VfioUserServer : IDisposable
{
    private readonly LocalListener _listener;
    private readonly VfioUserDevice _device;
    private readonly EventFd _stop = new();

    /// <summary>Begins to listen; clients wait until <see cref="Run"/>.</summary>
    /// <param name="path">Path of the socket.</param>
    /// <param name="device">The device; disposed by the caller, after the server.</param>
    /// <exception cref="SystemCallException">The socket cannot be made.</exception>
    public VfioUserServer(string path, VfioUserDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        _device = device;
        _listener = LocalListener.Listen(path);
    }

    /// <summary>Serves clients until stopped.</summary>
    /// <param name="once">Whether to return after the first client.</param>
    /// <param name="clientEnded">Told how each client's connection ended; null if nobody wants to know.</param>
    /// <returns>How the last client's connection ended; null when there was none.</returns>
    /// <exception cref="SystemCallException">No client can be accepted any more.</exception>
    public ClientEnd? Run(bool once, Action<ClientEnd>? clientEnded = null)
    {
        ClientEnd? last = null;
        while (_listener.Accept(_stop) is { } socket)
        {
            using (socket)
            {
                last = _device.Serve(socket, _stop);
            }

            clientEnded?.Invoke(last.Value);
            if (once)
            {
                break;
            }
        }

        return last;
    }

    /// <summary>Makes <see cref="Run"/> return, also while a client is served. May be called by any thread.</summary>
    public void Stop() => _stop.Signal();

    /// <summary>Removes the socket. <see cref="Run"/> must have returned.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        _stop.Dispose();
    }
}
