using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.VfioUser;
using Mhi.Profiles;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A modem, served by this process, whose LOOPBACK is a <see cref="StrayFunction"/>.</summary>
internal sealed class StrayEndpoint : IDisposable
{
    /// <summary>The name of the socket in the folder of a run.</summary>
    public const string SocketName = "stray.sock";

    private readonly VfioUserDevice _device;
    private readonly VfioUserServer _server;
    private readonly Thread _thread;

    /// <summary>Begins to serve.</summary>
    /// <param name="folder">The folder of the run.</param>
    public StrayEndpoint(string folder)
    {
        string log = Path.Combine(folder, "stray.log");
        var function = new StrayFunction();
        var functions = new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = function };
        _device = new VfioUserDevice(KnownProfiles.FoxconnT99W175, new VfioUserDeviceOptions { Functions = functions });
        function.Device = _device;
        _server = new VfioUserServer(Path.Combine(folder, SocketName), _device);
        _thread = new Thread(() => _server.Run(once: false, end => File.AppendAllText(log, end.Reason + "\n"))) { IsBackground = true, Name = "stray endpoint" };
        _thread.Start();
    }

    /// <summary>Ends serving.</summary>
    public void Dispose()
    {
        _server.Stop();
        _thread.Join();
        _server.Dispose();
        _device.Dispose();
    }
}
