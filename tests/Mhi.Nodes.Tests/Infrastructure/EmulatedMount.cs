using System;
using System.IO;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Mhi.Uci;
using Xunit;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>LOOPBACK and DUN of an emulated device, through the client interface and a mount of the test's own.</summary>
internal sealed class EmulatedMount : IDisposable
{
    private readonly EmulatedModem _modem;
    private readonly MhiEventLoop _loop;
    private readonly MountedNodeServer? _server;
    private readonly ChannelNodes? _nodes;
    private readonly UciHost? _host;

    public EmulatedMount()
    {
        _modem = new EmulatedModem();
        _modem.Start();
        Controller = MhiController.Create(_modem.Function, KnownProfiles.FoxconnT99W175);
        _loop = MhiEventLoop.Start(Controller);
        Controller.PowerUp();

        // The tests are skipped then, but their class is made.
        if (new MountFactAttribute().Skip is not null)
        {
            return;
        }

        _server = MountedNodeServer.Mount(Folder, new NodeServerOptions { Farewell = TimeSpan.FromSeconds(5), RequestTimeout = null });
        _nodes = new ChannelNodes(_server);
        _host = new UciHost(new UciHostOptions
        {
            Table = new UciTable([new UciTableEntry("LOOPBACK", 0x1000), new UciTableEntry("DUN", 0x1000)]),
            Observer = _nodes,
        });
        _host.Attach(Controller);
        _host.Start();
    }

    public MhiController Controller { get; }

    public string Folder { get; } = Mounted.NewFolder();

    public UciHost Host => _host!;

    public ChannelNodes Nodes => _nodes!;

    /// <summary>Path of the node that echoes.</summary>
    public string Loopback => Path.Combine(Folder, "mhi_emu0_LOOPBACK");

    public void Dispose()
    {
        _host?.Dispose();
        _server?.Dispose();
        Assert.Null(_server?.Fault);
        if (Controller.State == MhiControllerState.MissionMode)
        {
            Controller.PowerDown();
        }

        _loop.Dispose();
        Controller.Dispose();
        _modem.Dispose();
        Assert.False(Directory.Exists(Folder));
    }
}
