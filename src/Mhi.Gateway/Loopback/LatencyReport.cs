namespace Mhi.Gateway.Loopback;

/// <summary>Percentiles of the time from write to echo, in microseconds.</summary>
/// <param name="P50">The median.</param>
/// <param name="P99">What 99 of 100 packets do not exceed.</param>
/// <param name="P999">What 999 of 1000 packets do not exceed.</param>
/// <param name="Max">The longest.</param>
internal readonly record struct LatencyReport(double P50, double P99, double P999, double Max)
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
