using Mhi.Channels;

namespace Mhi.Gateway.Table;

/// <summary>Values of the match table, in the words that channels.json uses.</summary>
internal static class TableWords
{
    /// <summary>The word for directions.</summary>
    /// <param name="directions">The directions.</param>
    /// <returns>The word.</returns>
    internal static string Of(ChannelDirections directions) => directions switch
    {
        ChannelDirections.Uplink => "uplink",
        ChannelDirections.Downlink => "downlink",
        _ => "both",
    };

    /// <summary>The word for a write policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>The word.</returns>
    internal static string Of(WritePolicy policy) => policy == WritePolicy.Eager ? "eager" : "wholeMessage";
}
