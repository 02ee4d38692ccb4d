using System;
using Mhi.Gateway.Devices;

namespace Mhi.Gateway.Loopback;

/// <summary>What the user asked of a loopback run.</summary>
/// <param name="Channel">Name of the channel.</param>
/// <param name="Device">Which device.</param>
/// <param name="Input">File to send, <c>-</c> for standard input, null for generated data.</param>
/// <param name="Output">File for the echo, <c>-</c> for standard output, null to drop it.</param>
/// <param name="PacketSize">Bytes per packet; null takes the channel's MTU.</param>
/// <param name="Count">Most packets; null sets no limit.</param>
/// <param name="Duration">Longest time; null sets no limit.</param>
/// <param name="Json">Whether the result is wanted as JSON.</param>
/// <param name="Quiet">Whether neither progress nor result is wanted.</param>
/// <param name="Node">Path of the device node to run through instead of a channel; null for none.</param>
/// <param name="Window">Most packets under way at a time; null sets no limit.</param>
internal sealed record LoopbackRequest(
    string Channel,
    DeviceRequest Device,
    string? Input = null,
    string? Output = null,
    int? PacketSize = null,
    long? Count = null,
    TimeSpan? Duration = null,
    bool Json = false,
    bool Quiet = false,
    string? Node = null,
    int? Window = null)
{
    /// <summary>How long generated data flows when nothing else ends it: a demonstration.</summary>
    internal static readonly TimeSpan DemonstrationTime = TimeSpan.FromSeconds(1);

    /// <summary>The time limit that holds, if any: generated data alone would never end.</summary>
    internal TimeSpan? TimeLimit => Duration ?? (Input is null && Count is null ? DemonstrationTime : null);

    /// <summary>Whether standard output carries the echo, so that nothing else may be written there.</summary>
    internal bool EchoesToStandardOutput => Output == "-";
}
