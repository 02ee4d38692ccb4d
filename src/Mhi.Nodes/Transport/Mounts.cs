using System;
using System.IO;
using System.Text;

namespace Mhi.Nodes.Transport;

/// <summary>What is mounted, as the kernel lists it.</summary>
internal static class Mounts
{
    private const string List = "/proc/self/mountinfo";
    private const int PathField = 4;

    /// <summary>Looks whether a file system of a type is mounted at a path.</summary>
    /// <param name="path">The path, absolute.</param>
    /// <param name="type">The type.</param>
    /// <returns>True if it is.</returns>
    internal static bool IsMounted(string path, string type)
    {
        foreach (string line in File.ReadLines(List))
        {
            if (IsMountOf(line, path, type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a line of the list.</summary>
    /// <param name="line">The line: fields, of which some are optional, a dash, the type, and more.</param>
    /// <param name="path">The path.</param>
    /// <param name="type">The type.</param>
    /// <returns>Whether it is such a mount.</returns>
    internal static bool IsMountOf(string line, string path, string type)
    {
        string[] fields = line.Split(' ');
        int dash = Array.IndexOf(fields, "-");
        return dash > PathField && dash + 1 < fields.Length && fields[dash + 1] == type && Unescape(fields[PathField]) == path;
    }

    // Space, tab, newline and backslash come as a backslash and three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        var text = new StringBuilder();
        for (int i = 0; i < field.Length; i++)
        {
            bool isEscape = field[i] == '\\' && i + 3 < field.Length;
            text.Append(isEscape ? (char)Convert.ToInt32(field.Substring(i + 1, 3), 8) : field[i]);
            i += isEscape ? 3 : 0;
        }

        return text.ToString();
    }
}
