using System;
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

    /// <summary>Opens a device and powers it up.</summary>
    /// <param name="request">Which one.</param>
    /// <returns>The device in mission mode.</returns>
    /// <exception cref="MhiException">It cannot be reached, or does not get there; the message says where it stopped.</exception>
    internal static GatewayDevice Open(DeviceRequest request)
    {
        (MhiController controller, IDisposable? behind) = FunctionDoor.Open(request);
        var device = new GatewayDevice(controller, behind);
        try
        {
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

    /// <summary>Has a host publish the device's channels; the host must be stopped before the device is disposed.</summary>
    /// <param name="host">The host.</param>
    internal void AttachTo(UciHost host) => host.Attach(_controller);

    /// <summary>Powers the device down and ends its threads.</summary>
    public void Dispose()
    {
        _controller.PowerDown();
        _loop.Dispose();
        _controller.Dispose();
        _behind?.Dispose();
    }
}
