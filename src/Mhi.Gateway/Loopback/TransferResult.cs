using System;

namespace Mhi.Gateway.Loopback;

/// <summary>What a run measured.</summary>
/// <param name="Packets">Packets sent.</param>
/// <param name="BytesSent">Bytes sent.</param>
/// <param name="BytesReceived">Bytes that came back.</param>
/// <param name="Sha256Sent">Hash of what was sent, in hexadecimal.</param>
/// <param name="Sha256Received">Hash of what came back.</param>
/// <param name="Duration">From the first write to the last echo.</param>
/// <param name="FirstEcho">From the start of the process to the first echo; null without one.</param>
/// <param name="Latency">Time from write to echo of every packet.</param>
/// <param name="AllocatedBytes">Managed bytes the process allocated meanwhile.</param>
/// <param name="Collections">Garbage collections meanwhile.</param>
internal sealed record TransferResult(
    long Packets,
    long BytesSent,
    long BytesReceived,
    string Sha256Sent,
    string Sha256Received,
    TimeSpan Duration,
    TimeSpan? FirstEcho,
    LatencyHistogram Latency,
    long AllocatedBytes,
    int Collections)
{
    /// <summary>Whether the echo is what was sent.</summary>
    internal bool IsEqual => BytesSent == BytesReceived && Sha256Sent == Sha256Received;

    /// <summary>Bytes per second, one way; 0 when nothing was measured.</summary>
    internal double BytesPerSecond => Duration > TimeSpan.Zero ? BytesReceived / Duration.TotalSeconds : 0;
}
