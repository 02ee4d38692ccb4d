using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;

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

    private LoopbackRig(bool threads)
    {
        DeviceProfile profile = LongerLoopback(KnownProfiles.FoxconnT99W175);
        Modem = new EmulatedModem(profile);
        Controller = MhiController.Create(Modem.Function, profile);
        if (threads)
        {
            Modem.Start();
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

    /// <summary>Host and device are stepped by the caller.</summary>
    public static LoopbackRig Stepped() => new(threads: false);

    /// <summary>Host and device run on a thread each.</summary>
    public static LoopbackRig Threaded() => new(threads: true);

    public void Dispose()
    {
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
            if (Controller.Poll() + Modem.Poll() == 0)
            {
                // What is left is a continuation on the thread pool.
                _ = task.Wait(1);
            }
        }

        task.GetAwaiter().GetResult();
    }
}
