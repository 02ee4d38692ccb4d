using Mhi.Channels;

namespace Mhi.Gateway.Table;

/// <summary>One row of the match table for programs, in the words that channels.json uses.</summary>
internal sealed record TableRow(
    string Name, int Mtu, string Directions, int PoolDepth, bool DeliverEmptyPackets, string WritePolicy, string Class, string Description)
{
    /// <summary>Makes the row of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>The row.</returns>
    internal static TableRow From(ChannelTableEntry entry) => new(
        entry.Name,
        entry.Mtu,
        Word(entry.Directions),
        entry.PoolDepth,
        entry.DeliverEmptyPackets,
        Word(entry.WritePolicy),
        entry.TypeName,
        entry.Description);

    /// <summary>The word for directions.</summary>
    /// <param name="directions">The directions.</param>
    /// <returns>The word.</returns>
    internal static string Word(ChannelDirections directions) => directions switch
    {
        ChannelDirections.Uplink => "uplink",
        ChannelDirections.Downlink => "downlink",
        _ => "both",
    };

    /// <summary>The word for a write policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>The word.</returns>
    internal static string Word(WritePolicy policy) => policy == Channels.WritePolicy.Eager ? "eager" : "wholeMessage";
}
