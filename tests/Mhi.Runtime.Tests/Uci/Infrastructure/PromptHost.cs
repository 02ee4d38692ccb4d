using System;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A device of which the test controls every answer, its controller in mission mode, and one thread for both.</summary>
internal sealed class PromptHost : IDisposable
{
    private readonly MhiEventLoop _loop;
    private readonly int _idleRegions;

    /// <summary>Powers a device up that echoes until it is told otherwise.</summary>
    /// <param name="name">Name of the controller.</param>
    /// <param name="profile">Family; LOOPBACK with rings of 4 by default.</param>
    /// <param name="options">The controller's choices.</param>
    public PromptHost(string name = "held0", DeviceProfile? profile = null, MhiControllerOptions? options = null)
    {
        Device = new HeldDevice(name) { Echoes = true };
        Controller = MhiController.Create(new PromptFunction(Device), profile ?? TestProfile.Of(4), options);
        _loop = MhiEventLoop.Start(Controller);
        Controller.PowerUp();
        _idleRegions = Device.LiveRegions;
    }

    public HeldDevice Device { get; }

    public MhiController Controller { get; }

    /// <summary>Channels whose memory, buffers and all, is not freed.</summary>
    public int LiveChannels => Device.LiveRegions - _idleRegions;

    /// <summary>Disposes the controller; may be asked for again.</summary>
    public void EndController()
    {
        _loop.Dispose();
        Controller.Dispose();
    }

    public void Dispose()
    {
        EndController();
        Device.Stop();
        Assert.True(Device.IsDisposed);
    }
}
