using System;
using System.Threading;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Uci;

namespace Mhi.Gateway.Devices;

/// <summary>A device with the threads that run it. Nothing here, or after it, knows how its registers are reached.</summary>
internal sealed class GatewayDevice : IDisposable
{
    private readonly MhiController _controller;
    private readonly MhiEventLoop _loop;
    private readonly IDisposable? _behind;

    private GatewayDevice(MhiController controller, IDisposable? behind)
    {
        _controller = controller;
        _behind = behind;
        _loop = MhiEventLoop.Start(controller);
    }

    /// <summary>Why the device does not work any more; null while it does.</summary>
    internal MhiFailure? Failure => _controller.Failure;

    /// <summary>Opens a device and powers it up.</summary>
    /// <param name="request">Which one.</param>
    /// <param name="cancellationToken">Gives up powering it up, which then fails.</param>
    /// <returns>The device in mission mode.</returns>
    /// <exception cref="MhiException">It cannot be reached, or does not get there; the message says where it stopped.</exception>
    internal static GatewayDevice Open(DeviceRequest request, CancellationToken cancellationToken = default)
    {
        (MhiController controller, IDisposable? behind) = FunctionDoor.Open(request);
        var device = new GatewayDevice(controller, behind);
        try
        {
            using CancellationTokenRegistration end = cancellationToken.Register(() => _ = device._controller.PowerDownAsync());
            device._controller.PowerUp();
            return device;
        }
        catch (MhiException)
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Opens a channel pair.</summary>
    /// <typeparam name="TDefinition">The channel; it has both directions.</typeparam>
    /// <returns>The open channel.</returns>
    internal MhiDuplexChannel<TDefinition> OpenChannel<TDefinition>()
        where TDefinition : struct, IChannelDefinition =>
        ChannelConnection.Open<TDefinition>(_controller).AsDuplex<TDefinition>();

    /// <summary>Has a host publish the device's channels; they must be withdrawn before the device is disposed.</summary>
    /// <param name="host">The host.</param>
    internal void AttachTo(UciHost host) => host.Attach(_controller);

    /// <summary>Has a host withdraw the device's channels.</summary>
    /// <param name="host">The host.</param>
    internal void DetachFrom(UciHost host) => host.Remove(_controller);

    /// <summary>Powers the device down and ends its threads.</summary>
    public void Dispose()
    {
        _controller.PowerDown();
        _loop.Dispose();
        _controller.Dispose();
        _behind?.Dispose();
    }
}
