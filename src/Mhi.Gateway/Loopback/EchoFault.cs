using System.Diagnostics.CodeAnalysis;

namespace Mhi.Gateway.Loopback;

/// <summary>What can be wrong with an echo; kept out of the code that runs for every packet.</summary>
internal static class EchoFault
{
    /// <summary>Something came that was not sent.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="received">Bytes that came.</param>
    [DoesNotReturn]
    internal static void Unexpected(string channel, long received) =>
        throw NoEcho(channel, $"sent {received} bytes that nobody had sent to it");

    /// <summary>A packet came back with another length.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="received">Bytes that came back.</param>
    /// <param name="sent">Bytes that were sent.</param>
    [DoesNotReturn]
    internal static void WrongLength(string channel, long received, long sent) =>
        throw NoEcho(channel, $"sent back {received} bytes for a packet of {sent}");

    /// <summary>The device said that a packet is not whole.</summary>
    /// <param name="channel">Name of the channel.</param>
    [DoesNotReturn]
    internal static void Truncated(string channel) =>
        throw new GatewayException($"Channel {channel} sent back a packet that lost bytes on its way.");

    private static GatewayException NoEcho(string channel, string what)
    {
        string advice = channel == LoopbackChannel.ChannelName ? "the device's echo is broken" : "it is no echo; use LOOPBACK";
        return new GatewayException($"Channel {channel} {what}: {advice}.");
    }
}
