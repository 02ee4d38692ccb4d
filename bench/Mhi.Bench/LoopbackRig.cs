using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Mhi.Uci;

namespace Mhi.Bench;

/// <summary>A controller and an emulated device in one process, with LOOPBACK open between them.</summary>
public sealed class LoopbackRig : IDisposable
{
    /// <summary>Most packets on their way at a time.</summary>
    /// <remarks>
    /// 31 in the device's own table, one short of the burst of 32 that is measured. With 63 a burst fits, and what two rings
    /// can complete at once still fits the 127 events that the event ring holds.
    /// </remarks>
    public const int Window = RingElements - 1;

    private const int RingElements = 64;

    private readonly MhiEventLoop? _loop;
    private readonly bool _isDeviceStepped;
    private UciHost? _host;
    private UciHandle? _handle;

    private LoopbackRig(bool deviceThread, bool hostThread)
    {
        DeviceProfile profile = LongerLoopback(KnownProfiles.FoxconnT99W175);
        Modem = new EmulatedModem(profile);
        Controller = MhiController.Create(Modem.Function, profile);
        _isDeviceStepped = !deviceThread;
        if (deviceThread)
        {
            Modem.Start();
        }

        if (hostThread)
        {
            _loop = MhiEventLoop.Start(Controller);
        }

        Run(Controller.PowerUpAsync());
        Task<LoopbackChannel> opening = LoopbackChannel.OpenAsync(Controller);
        Run(opening);
        Channel = opening.Result;
    }

    public EmulatedModem Modem { get; }

    public MhiController Controller { get; }

    public LoopbackChannel Channel { get; }

    /// <summary>The caller polls the controller and steps the device.</summary>
    public static LoopbackRig Stepped() => new(deviceThread: false, hostThread: false);

    /// <summary>The caller polls the controller; the device has a thread of its own.</summary>
    public static LoopbackRig WithDeviceThread() => new(deviceThread: true, hostThread: false);

    /// <summary>The device has a thread of its own, and an event loop polls the controller.</summary>
    public static LoopbackRig WithDeviceAndHostThreads() => new(deviceThread: true, hostThread: true);

    /// <summary>Puts a handle of the channel's node in the place of the channel, which is closed.</summary>
    /// <returns>The handle; the rig closes it.</returns>
    public UciHandle OpenHandle()
    {
        Run(Channel.CloseAsync(TimeSpan.Zero));
        _host = new UciHost(new UciHostOptions { Linger = TimeSpan.Zero });
        _host.Attach(Controller);
        _host.Start();
        Task<UciHandle> opening = _host.OpenAsync(_host.Nodes[0].Name);
        Run(opening);
        return _handle = opening.Result;
    }

    public void Dispose()
    {
        if (_handle is not null)
        {
            Run(_handle.CloseAsync());
            _handle.Dispose();
        }

        _host?.Dispose();
        Run(Channel.CloseAsync(TimeSpan.Zero));
        Run(Controller.PowerDownAsync());
        _loop?.Dispose();
        Controller.Dispose();
        Modem.Dispose();
    }

    private static DeviceProfile LongerLoopback(DeviceProfile profile) => profile with
    {
        Channels = [.. profile.Channels.Select(static channel =>
            channel.Name == LoopbackChannel.ChannelName ? channel with { Elements = RingElements } : channel)],
    };

    private void Run(Task task)
    {
        while (_loop is null && !task.IsCompleted)
        {
            int work = Controller.Poll() + (_isDeviceStepped ? Modem.Poll() : 0);
            if (work == 0)
            {
                // What is left is a continuation on the thread pool, or the device's own thread.
                _ = task.Wait(1);
            }
        }

        task.GetAwaiter().GetResult();
    }
}
