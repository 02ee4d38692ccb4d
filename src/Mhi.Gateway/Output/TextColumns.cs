using System;
using System.Text;

namespace Mhi.Gateway.Output;

/// <summary>Rows of text in aligned columns.</summary>
internal static class TextColumns
{
    private const int Gap = 2;

    /// <summary>Aligns rows.</summary>
    /// <param name="rows">The rows, each with the same number of cells; the first has the names of the columns.</param>
    /// <returns>A line per row.</returns>
    internal static string Write(string[][] rows)
    {
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
}
