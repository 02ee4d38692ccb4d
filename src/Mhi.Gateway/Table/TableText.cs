using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Mhi.Channels;

namespace Mhi.Gateway.Table;

/// <summary>The match table for people: aligned columns.</summary>
internal static class TableText
{
    private const int Gap = 2;

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

        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                bool isLast = column == row.Length - 1;
                int width = isLast ? 0 : rows.Max(other => other[column].Length) + Gap;
                text.Append(row[column].PadRight(width));
            }

            while (text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string[] Cells(ChannelTableEntry entry) =>
    [
        entry.Name,
        entry.Mtu.ToString(CultureInfo.InvariantCulture),
        TableRow.Word(entry.Directions),
        entry.PoolDepth == 0 ? "ring" : entry.PoolDepth.ToString(CultureInfo.InvariantCulture),
        TableRow.Word(entry.WritePolicy),
        entry.TypeName,
        entry.Description,
    ];
}
