using System;
using System.Globalization;
using Mhi.Channels;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Table;

/// <summary>The match table for people: aligned columns.</summary>
internal static class TableText
{
    /// <summary>Writes the table.</summary>
    /// <param name="entries">Its rows.</param>
    /// <returns>Lines of text, the first with the names of the columns.</returns>
    internal static string Write(ReadOnlySpan<ChannelTableEntry> entries)
    {
        var rows = new string[entries.Length + 1][];
        rows[0] = ["CHANNEL", "MTU", "DIRECTIONS", "POOL", "POLICY", "CLASS", "DESCRIPTION"];
        for (int i = 0; i < entries.Length; i++)
        {
            rows[i + 1] = Cells(entries[i]);
        }

        return TextColumns.Write(rows);
    }

    private static string[] Cells(ChannelTableEntry entry) =>
    [
        entry.Name,
        entry.Mtu.ToString(CultureInfo.InvariantCulture),
        TableWords.Of(entry.Directions),
        entry.PoolDepth == 0 ? "ring" : entry.PoolDepth.ToString(CultureInfo.InvariantCulture),
        TableWords.Of(entry.WritePolicy),
        entry.TypeName,
        entry.Description,
    ];
}
