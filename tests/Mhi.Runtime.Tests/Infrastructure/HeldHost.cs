using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>A controller over a <see cref="HeldDevice"/>: both stepped by the test, or each with a thread of its own.</summary>
internal sealed class HeldHost : IDisposable
{
    private readonly MhiEventLoop? _loop;

    private HeldHost(DeviceProfile? profile, MhiControllerOptions? options, HeldDevice? device, bool threads)
    {
        Device = device ?? new HeldDevice();
        options ??= new MhiControllerOptions();
        Controller = MhiController.Create(
            Device, profile ?? TestProfile.Of(4), threads ? options : options with { TimeProvider = Time });
        if (threads)
        {
            Device.Start();
            _loop = MhiEventLoop.Start(Controller, new MhiEventLoopOptions { IdlePolls = 0 });
        }
    }

    public HeldDevice Device { get; }

    public MhiController Controller { get; }

    /// <summary>The controller's clock when it is stepped; with threads it is the system's.</summary>
    public ManualTime Time { get; } = new();

    /// <summary>In mission mode, stepped by the test.</summary>
    /// <param name="profile">Family; LOOPBACK with rings of 4 by default.</param>
    /// <param name="options">The controller's choices.</param>
    /// <param name="device">A device to use, such as one that came back.</param>
    public static HeldHost Stepped(DeviceProfile? profile = null, MhiControllerOptions? options = null, HeldDevice? device = null)
    {
        var host = new HeldHost(profile, options, device, threads: false);
        host.Settle(host.Controller.PowerUpAsync());
        return host;
    }

    /// <summary>In mission mode, an event loop on one side, a device thread on the other.</summary>
    /// <param name="profile">Family; LOOPBACK with rings of 4 by default.</param>
    /// <param name="options">The controller's choices.</param>
    /// <param name="device">A device to use, such as one that came back.</param>
    public static async Task<HeldHost> RunningAsync(DeviceProfile? profile = null, MhiControllerOptions? options = null, HeldDevice? device = null)
    {
        var host = new HeldHost(profile, options, device, threads: true);
        await host.Controller.PowerUpAsync();
        return host;
    }

    /// <summary>Opens a channel of a stepped host.</summary>
    public MhiDuplexChannel<TDefinition> Open<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<TDefinition>(Controller);
        Settle(opening);
        return opening.Result.AsDuplex<TDefinition>();
    }

    /// <summary>Steps both sides until neither has anything to do.</summary>
    public void Pump()
    {
        int rounds = 0;
        while (Controller.Poll() + Device.Step() != 0)
        {
            Assert.True(++rounds < 100_000, "host and device never come to rest");
        }
    }

    /// <summary>Pumps a stepped host and waits for a task: what is left of it runs on the thread pool.</summary>
    public void Settle(Task task)
    {
        Pump();
        Assert.True(((IAsyncResult)task).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10)), "the task did not end");
        task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _loop?.Dispose();
        Controller.Dispose();
        Device.Stop();
        Assert.True(Device.IsDisposed);
        Assert.Null(Device.Fault);
    }
}
