using System;
using System.Threading.Tasks;
using Mhi.Endpoint.VfioUser;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Pci.VfioUser;
using Mhi.Profiles;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>A device behind a socket, served by a thread of its own.</summary>
internal sealed class VfioUserBed : RemovableBed<VfioUserRegisters>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly EventFd _stop = new();
    private VfioUserDevice? _device;
    private Task? _serving;

    public override void Lose() => _stop.Signal();

    public override void Dispose()
    {
        _stop.Signal();
        End();
        _stop.Dispose();
    }

    protected override IPciFunction<VfioUserRegisters> Open(int maxVectors, DeviceProfile profile)
    {
        End();
        var device = new VfioUserDevice(profile);
        (LocalSocket server, LocalSocket client) = LocalSocket.CreatePair();
        _device = device;
        _serving = Task.Factory.StartNew(
            () =>
            {
                using (server)
                {
                    _ = device.Serve(server, _stop);
                }
            },
            default,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return VfioUserFunction.Open(client, "pair", profile, new VfioUserOptions { MaxVectors = maxVectors, ReplyTimeout = s_limit });
    }

    private void End()
    {
        if (_serving?.Wait(s_limit) == false)
        {
            throw new TimeoutException("The server goes on although its client has gone.");
        }

        _device?.Dispose();
    }
}
