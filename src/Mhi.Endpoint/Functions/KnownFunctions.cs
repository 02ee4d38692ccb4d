using System.Collections.Immutable;

namespace Mhi.Endpoint.Functions;

/// <summary>The channel functions that come with the endpoint, by name.</summary>
public static class KnownFunctions
{
    /// <summary>Their names, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } = ["at", "echo", "mbim", "net", "net-mbim", "qmi", "sink", "source"];

    /// <summary>Makes a function.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new function, or null when there is none of that name.</returns>
    public static ChannelFunction? Create(string name) => name switch
    {
        "at" => new AtCommandPort(),
        "echo" => new EchoFunction(),
        "mbim" => new MbimControlFunction(),
        "net" => new RawIpFunction(),
        "net-mbim" => new MbimNetworkFunction(),
        "qmi" => new QmiFunction(),
        "sink" => new SinkFunction(),
        "source" => new SourceFunction(),
        _ => null,
    };

    /// <summary>The name of the function that usually answers on a channel.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <returns>
    /// LOOPBACK echoes, DUN is an AT port, MBIM and QMI are control channels of a modem, the data channels lead to a network.
    /// DIAG echoes: its protocol belongs to the firmware, and a port that sends everything back shows that the way there and
    /// back works. Elsewhere a sink.
    /// </returns>
    public static string UsualFor(string channel) => channel switch
    {
        "LOOPBACK" or "DIAG" => "echo",
        "DUN" or "DUN2" => "at",
        "MBIM" => "mbim",
        "QMI" => "qmi",
        "IP_HW0" or "IP_SW0" or "IP_SW1" => "net",
        "IP_HW0_MBIM" => "net-mbim",
        _ => "sink",
    };
}
