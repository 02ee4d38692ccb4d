using System;
using System.Threading.Tasks;
using Mhi.Endpoint.VfioUser;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Profiles;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>A device with a thread that serves one client after the other, each over a pair of sockets.</summary>
internal sealed class ServedDevice : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly EventFd _stop = new();
    private Task<ClientEnd>? _serving;

    internal ServedDevice(VfioUserDeviceOptions? options = null, DeviceProfile? profile = null)
    {
        Device = new VfioUserDevice(profile ?? KnownProfiles.FoxconnT99W175, options);
    }

    internal VfioUserDevice Device { get; }

    /// <summary>A new raw client; the one before must have gone.</summary>
    internal VfioUserClient Connect() => new(ConnectSocket());

    /// <summary>The client's end of a new connection; the client before must have gone.</summary>
    internal LocalSocket ConnectSocket()
    {
        (LocalSocket server, LocalSocket client) = LocalSocket.CreatePair();
        _serving = Task.Factory.StartNew(
            () =>
            {
                using (server)
                {
                    return Device.Serve(server, _stop);
                }
            },
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return client;
    }

    /// <summary>A new client that has sent VERSION.</summary>
    internal VfioUserClient Attach()
    {
        VfioUserClient client = Connect();
        _ = client.Negotiate();
        return client;
    }

    /// <summary>Waits until the client's connection has ended.</summary>
    internal ClientEnd End() =>
        _serving!.Wait(s_limit) ? _serving.Result : throw new TimeoutException("The server goes on although the client has gone.");

    public void Dispose()
    {
        _stop.Signal();
        if (_serving is not null)
        {
            _ = End();
        }

        Device.Dispose();
        _stop.Dispose();
    }
}
