using System;
using System.Globalization;
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

        int[] widths = Widths(rows);
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column < row.Length; column++)
            {
                line.Append(row[column].PadRight(widths[column]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static int[] Widths(string[][] rows)
    {
        var widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length + Gap);
            }
        }

        return widths;
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
