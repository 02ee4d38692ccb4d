using System.Text.Json;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Loopback;

/// <summary>The result of a run for programs. Names and their order are a promise to scripts.</summary>
internal static class LoopbackReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="mtu">The channel's MTU; for a node, the size of a packet.</param>
    /// <param name="result">What was measured.</param>
    /// <returns>One JSON object on one line.</returns>
    internal static string Write(LoopbackRequest request, int mtu, TransferResult result) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        if (request.Node is { } node)
        {
            json.WriteString("node"u8, node);
            json.WriteNumber("packetSize"u8, mtu);
        }
        else
        {
            json.WriteString("channel"u8, request.Channel);
            json.WriteString("device"u8, request.Device.Address.ToString());
            json.WriteNumber("mtu"u8, mtu);
        }

        json.WriteNumber("packets"u8, result.Packets);
        json.WriteNumber("bytesSent"u8, result.BytesSent);
        json.WriteNumber("bytesReceived"u8, result.BytesReceived);
        json.WriteString("sha256Sent"u8, result.Sha256Sent);
        json.WriteString("sha256Received"u8, result.Sha256Received);
        json.WriteNumber("seconds"u8, result.Duration.TotalSeconds);
        json.WriteNumber("bytesPerSecond"u8, result.BytesPerSecond);
        WriteLatency(json, LatencyReport.From(result.Latency));
        json.WriteNumber("allocatedBytes"u8, result.AllocatedBytes);
        json.WriteNumber("collections"u8, result.Collections);
        json.WriteEndObject();
    });

    private static void WriteLatency(Utf8JsonWriter json, LatencyReport latency)
    {
        json.WriteStartObject("latencyMicroseconds"u8);
        json.WriteNumber("p50"u8, latency.P50);
        json.WriteNumber("p99"u8, latency.P99);
        json.WriteNumber("p999"u8, latency.P999);
        json.WriteNumber("max"u8, latency.Max);
        json.WriteEndObject();
    }
}
