using System.Collections.Immutable;

namespace Mhi.Endpoint.Functions;

/// <summary>The channel functions that come with the endpoint, by name.</summary>
public static class KnownFunctions
{
    /// <summary>Their names, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } = ["at", "echo", "sink"];

    /// <summary>Makes a function.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new function, or null when there is none of that name.</returns>
    public static ChannelFunction? Create(string name) => name switch
    {
        "at" => new AtCommandPort(),
        "echo" => new EchoFunction(),
        "sink" => new SinkFunction(),
        _ => null,
    };
}
