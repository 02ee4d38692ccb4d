using System.Globalization;
using System.Text;
using Mhi.Gateway.Devices;

namespace Mhi.Gateway.Loopback;

/// <summary>The result of a run for people.</summary>
internal static class LoopbackSummary
{
    /// <summary>Writes the summary.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="mtu">The channel's MTU; for a node, the size of a packet.</param>
    /// <param name="result">What was measured.</param>
    /// <returns>Lines of text.</returns>
    internal static string Write(LoopbackRequest request, int mtu, TransferResult result)
    {
        LatencyReport latency = LatencyReport.From(result.Latency);
        double seconds = result.Duration.TotalSeconds;
        double packetsPerSecond = seconds > 0 ? result.Packets / seconds : 0;
        var text = new StringBuilder();
        if (request.Node is { } node)
        {
            Line(text, "node", node);
        }
        else
        {
            string device = request.Device.Address is DeviceAddress.Emulated ? "the emulated device" : $"{request.Device.Address}";
            Line(text, "channel", $"{request.Channel} of {device}, MTU {mtu} bytes");
        }

        Line(text, "packets", $"{result.Packets} of {request.PacketSize ?? mtu} bytes");
        Line(text, "bytes", $"{result.BytesSent} sent, {result.BytesReceived} received");
        Line(text, "throughput", $"{result.BytesPerSecond / 1e6:0.0} MB/s each way, {packetsPerSecond:0} packets/s, in {seconds:0.000} s");
        Line(text, "latency", $"p50 {latency.P50:0.0} us, p99 {latency.P99:0.0} us, p99.9 {latency.P999:0.0} us, max {latency.Max:0.0} us");
        Line(text, "memory", $"{result.AllocatedBytes} managed bytes allocated, {result.Collections} collections");
        if (result.IsEqual)
        {
            Line(text, "sha256", $"{result.Sha256Sent}, equal on both sides");
        }
        else
        {
            Line(text, "sha256 sent", $"{result.Sha256Sent}");
            Line(text, "sha256 back", $"{result.Sha256Received}, different");
        }

        if (result.FirstEcho is { } firstEcho)
        {
            Line(text, "first echo", $"{firstEcho.TotalMilliseconds:0.0} ms after the start of the process");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string label, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{label,-12} {value}\n");
}
