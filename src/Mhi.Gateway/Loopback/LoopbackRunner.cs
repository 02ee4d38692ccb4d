using System;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Loopback;

/// <summary>What every loopback run has, whatever it runs through: files, signals, the report and the verdict.</summary>
internal static class LoopbackRunner
{
    /// <summary>Opens everything, transfers, reports.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="name">What the data go through, for messages.</param>
    /// <param name="mtu">Its MTU.</param>
    /// <param name="transfer">Transfers from the source to the target; null when the user ended it and the output took no more.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Run(
        LoopbackRequest request, string name, int mtu, Func<PacketSource, EchoTarget, TransferState, TransferResult?> transfer)
    {
        // Files first: what is wrong with them is found before the device is touched.
        using PacketSource source = request.Input is { } input ? StreamSource.Open(input) : new GeneratedSource();
        using EchoTarget target = EchoTarget.Open(request.Output);
        var state = new TransferState();
        using var signals = new InterruptSignals(state.Interrupt);
        TransferResult result = transfer(source, target, state)
            ?? throw new GatewayException(
                "The run was ended while its output took no more data, so there is no result.", signals.ExitCode ?? ExitCode.Failed);
        Report(request, mtu, result);
        return signals.ExitCode ?? Judge(name, result);
    }

    /// <summary>Makes the progress line, if one is wanted.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="source">Where the data come from.</param>
    /// <param name="packetSize">Bytes per packet.</param>
    /// <returns>The line, or null.</returns>
    internal static TransferProgress? Progress(LoopbackRequest request, PacketSource source, int packetSize)
    {
        if (request.Quiet || Console.IsErrorRedirected)
        {
            return null;
        }

        long? limit = request.Count * packetSize;
        long? total = limit is null || source.Length < limit ? source.Length : limit;
        return new TransferProgress(StandardStreams.Error, total, request.TimeLimit);
    }

    private static void Report(LoopbackRequest request, int mtu, TransferResult result)
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

    private static ExitCode Judge(string name, TransferResult result) =>
        result.IsEqual
            ? ExitCode.Done
            : throw new GatewayException($"What came back on channel {name} is not what was sent: the SHA-256 hashes differ.");
}
