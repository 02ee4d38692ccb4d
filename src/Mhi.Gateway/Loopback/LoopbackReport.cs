using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mhi.Gateway.Loopback;

/// <summary>The result of a run for programs: property names and order are those of the JSON object.</summary>
internal sealed record LoopbackReport(
    string Channel,
    string Device,
    int Mtu,
    long Packets,
    long BytesSent,
    long BytesReceived,
    string Sha256Sent,
    string Sha256Received,
    double Seconds,
    double BytesPerSecond,
    LatencyReport LatencyMicroseconds,
    long AllocatedBytes,
    int Collections)
{
    /// <summary>Makes the report of a run.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="mtu">The channel's MTU.</param>
    /// <param name="result">What was measured.</param>
    /// <returns>The report.</returns>
    internal static LoopbackReport From(LoopbackRequest request, int mtu, TransferResult result) => new(
        request.Channel,
        request.Device,
        mtu,
        result.Packets,
        result.BytesSent,
        result.BytesReceived,
        result.Sha256Sent,
        result.Sha256Received,
        result.Duration.TotalSeconds,
        result.BytesPerSecond,
        LatencyReport.From(result.Latency),
        result.AllocatedBytes,
        result.Collections);

    /// <summary>The report as one JSON object on one line.</summary>
    /// <returns>The text, with its line end.</returns>
    internal string ToJson() => JsonSerializer.Serialize(this, LoopbackJson.Default.LoopbackReport) + "\n";
}

/// <summary>Percentiles of the time from write to echo, in microseconds.</summary>
internal sealed record LatencyReport(double P50, double P99, double P999, double Max)
{
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>Takes the percentiles of a histogram.</summary>
    /// <param name="latency">The histogram.</param>
    /// <returns>The percentiles.</returns>
    internal static LatencyReport From(LatencyHistogram latency) => new(
        latency.Percentile(0.5) / NanosecondsPerMicrosecond,
        latency.Percentile(0.99) / NanosecondsPerMicrosecond,
        latency.Percentile(0.999) / NanosecondsPerMicrosecond,
        latency.MaxNanoseconds / NanosecondsPerMicrosecond);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LoopbackReport))]
internal sealed partial class LoopbackJson : JsonSerializerContext;
