using System;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Mhi.Uci;

namespace Mhi.Gateway.Devices;

/// <summary>A device that is powered up, with the threads that run it.</summary>
internal sealed class GatewayDevice : IDisposable
{
    /// <summary>Name of the device inside this process.</summary>
    internal const string EmulatedName = "emulated";

    private readonly EmulatedModem _modem;
    private readonly MhiController _controller;
    private readonly MhiEventLoop _loop;

    private GatewayDevice(EmulatedModem modem, MhiController controller, MhiEventLoop loop)
    {
        _modem = modem;
        _controller = controller;
        _loop = loop;
    }

    /// <summary>Powers up the emulated device.</summary>
    /// <returns>The device in mission mode.</returns>
    internal static GatewayDevice Open()
    {
        var modem = new EmulatedModem();
        modem.Start();
        MhiController controller = MhiController.Create(modem.Function, KnownProfiles.FoxconnT99W175);
        var device = new GatewayDevice(modem, controller, MhiEventLoop.Start(controller));
        try
        {
            controller.PowerUp();
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
        _modem.Dispose();
    }
}
