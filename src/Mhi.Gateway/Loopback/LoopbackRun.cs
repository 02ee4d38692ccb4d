using System;
using Mhi.Channels;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Devices;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Loopback;

/// <summary>A whole loopback run, compiled for each channel of the table: opens everything, transfers, reports.</summary>
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

        // Files first: what is wrong with them is found before the device is touched.
        using PacketSource source = request.Input is { } input ? StreamSource.Open(input) : new GeneratedSource();
        using EchoTarget target = EchoTarget.Open(request.Output);
        var state = new TransferState();
        using var signals = new InterruptSignals(state.Interrupt);
        TransferResult result = Transfer<TDefinition>(source, target, state)
            ?? throw new GatewayException(
                "The run was ended while its output took no more data, so there is no result.", signals.ExitCode ?? ExitCode.Failed);
        Report(TDefinition.Mtu, result);
        return signals.ExitCode ?? Judge(TDefinition.Name, result);
    }

    private TransferResult? Transfer<TDefinition>(PacketSource source, EchoTarget target, TransferState state)
        where TDefinition : struct, IChannelDefinition
    {
        using var hashes = new HashPair();
        using GatewayDevice device = GatewayDevice.Open();
        using MhiDuplexChannel<TDefinition> channel = device.OpenChannel<TDefinition>();
        if (request.PacketSize > channel.MaxMessageLength)
        {
            throw new GatewayException(
                $"--size {request.PacketSize} is too long for channel {channel.Name}: one packet of it has at most {channel.MaxMessageLength} bytes.",
                ExitCode.Usage);
        }

        hashes.Wait();
        int packetSize = request.PacketSize ?? TDefinition.Mtu;
        var flights = new FlightLog();
        var sender = new Sender<TDefinition>(channel, source, flights, state, hashes.Sent, packetSize, request.Count);
        var receiver = new Receiver<TDefinition>(channel, target, flights, state, hashes.Received);
        return new Transfer(channel, sender, receiver, target, hashes, state, request.TimeLimit, Progress(source, packetSize)).Run();
    }

    private TransferProgress? Progress(PacketSource source, int packetSize)
    {
        if (request.Quiet || Console.IsErrorRedirected)
        {
            return null;
        }

        long? limit = request.Count * packetSize;
        long? total = limit is null || source.Length < limit ? source.Length : limit;
        return new TransferProgress(StandardStreams.Error, total, request.TimeLimit);
    }

    private void Report(int mtu, TransferResult result)
    {
        if (request.Json)
        {
            StandardStreams.WriteText(LoopbackReport.Write(request, mtu, result));
        }
        else if (!request.Quiet)
        {
            string summary = LoopbackSummary.Write(request, mtu, result);
            if (request.EchoesToStandardOutput)
            {
                StandardStreams.WriteErrorText(summary);
            }
            else
            {
                StandardStreams.WriteText(summary);
            }
        }
    }

    private static ExitCode Judge(string channel, TransferResult result) =>
        result.IsEqual
            ? ExitCode.Done
            : throw new GatewayException($"What came back on channel {channel} is not what was sent: the SHA-256 hashes differ.");
}
