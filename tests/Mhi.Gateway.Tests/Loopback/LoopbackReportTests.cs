using System;
using System.Linq;
using System.Text.Json;
using Mhi.Gateway.Devices;
using Mhi.Gateway.Loopback;
using Xunit;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class LoopbackReportTests
{
    private static readonly LoopbackRequest s_request = new("LOOPBACK", DeviceRequest.Emulated);

    [Fact]
    public void Write_GivesExactlyThePromisedProperties()
    {
        using JsonDocument json = JsonDocument.Parse(LoopbackReport.Write(s_request, 4096, Result()));

        Assert.Equal(
            [
                "channel", "device", "mtu", "packets", "bytesSent", "bytesReceived", "sha256Sent", "sha256Received", "seconds",
                "bytesPerSecond", "latencyMicroseconds", "allocatedBytes", "collections",
            ],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["p50", "p99", "p999", "max"],
            json.RootElement.GetProperty("latencyMicroseconds").EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Write_GivesTheMeasuredValues()
    {
        string text = LoopbackReport.Write(s_request, 4096, Result());

        Assert.Equal(
            """{"channel":"LOOPBACK","device":"emulated","mtu":4096,"packets":2,"bytesSent":6000,"bytesReceived":6000,"sha256Sent":"aa","sha256Received":"aa","seconds":0.5,"bytesPerSecond":12000,"latencyMicroseconds":{"p50":0.1,"p99":2.5,"p999":2.5,"max":2.5},"allocatedBytes":0,"collections":0}"""
            + "\n",
            text);
    }

    [Fact]
    public void Summary_OfEqualHashes_SaysSo()
    {
        string text = LoopbackSummary.Write(s_request, 4096, Result());

        Assert.Equal(
            """
            channel      LOOPBACK of the emulated device, MTU 4096 bytes
            packets      2 of 4096 bytes
            bytes        6000 sent, 6000 received
            throughput   0.0 MB/s each way, 4 packets/s, in 0.500 s
            latency      p50 0.1 us, p99 2.5 us, p99.9 2.5 us, max 2.5 us
            memory       0 managed bytes allocated, 0 collections
            sha256       aa, equal on both sides
            first echo   7.5 ms after the start of the process

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void Summary_OfDifferentHashes_ShowsBoth()
    {
        TransferResult result = Result() with { Sha256Received = "bb" };

        string text = LoopbackSummary.Write(s_request, 4096, result);

        Assert.False(result.IsEqual);
        Assert.Contains("sha256 sent  aa\nsha256 back  bb, different\n", text, StringComparison.Ordinal);
    }

    private static TransferResult Result()
    {
        var latency = new LatencyHistogram();
        latency.Record(100);
        latency.Record(2500);
        return new TransferResult(
            2, 6000, 6000, "aa", "aa", TimeSpan.FromSeconds(0.5), TimeSpan.FromMilliseconds(7.5), latency, AllocatedBytes: 0, Collections: 0);
    }
}
