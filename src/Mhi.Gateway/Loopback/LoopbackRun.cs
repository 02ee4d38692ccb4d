using System;
using Mhi.Channels;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Devices;

namespace Mhi.Gateway.Loopback;

/// <summary>A loopback run through a channel, compiled for each channel of the table.</summary>
/// <param name="request">What is wanted.</param>
internal readonly struct LoopbackRun(LoopbackRequest request) : IChannelAction<ExitCode>
{
    /// <inheritdoc/>
    public ExitCode Invoke<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        if (TDefinition.Directions != ChannelDirections.Both)
        {
            throw new GatewayException(
                $"Channel {TDefinition.Name} has one direction only in channels.json; an echo needs both.", ExitCode.Usage);
        }

        return LoopbackRunner.Run(request, TDefinition.Name, TDefinition.Mtu, Transfer<TDefinition>);
    }

    private TransferResult? Transfer<TDefinition>(PacketSource source, EchoTarget target, TransferState state)
        where TDefinition : struct, IChannelDefinition
    {
        using var hashes = new HashPair();
        using GatewayDevice device = GatewayDevice.Open(request.Device);
        using MhiDuplexChannel<TDefinition> channel = device.OpenChannel<TDefinition>();
        if (request.PacketSize > channel.MaxMessageLength)
        {
            throw new GatewayException(
                $"--size {request.PacketSize} is too long for channel {channel.Name}: one packet of it has at most {channel.MaxMessageLength} bytes.",
                ExitCode.Usage);
        }

        hashes.Wait();
        int packetSize = request.PacketSize ?? TDefinition.Mtu;
        var flights = new FlightLog(request.Window);
        var echoes = new EchoLog(flights, channel.Name);
        var sender = new Sender<ChannelSink<TDefinition>>(
            new ChannelSink<TDefinition>(channel), source, flights, state, hashes.Sent, packetSize, request.Count);
        var receiver = new Receiver<TDefinition>(channel, target, echoes, state, hashes.Received);
        return new Transfer(
            channel.Name,
            () => channel.CloseAsync(TimeSpan.Zero).GetAwaiter().GetResult(),
            sender,
            receiver,
            target,
            hashes,
            state,
            request.TimeLimit,
            LoopbackRunner.Progress(request, source, packetSize)).Run();
    }
}
