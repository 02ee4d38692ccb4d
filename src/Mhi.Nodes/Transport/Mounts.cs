using System;
using System.IO;

namespace Mhi.Nodes.Transport;

/// <summary>What is mounted, as the kernel lists it.</summary>
internal static class Mounts
{
    private const string List = "/proc/self/mountinfo";
    private const int IdField = 0;
    private const int DeviceField = 2;
    private const int FirstOptionalField = 6;

    /// <summary>Looks for a mount by its number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The mount, or null.</returns>
    internal static MountEntry? Find(int id)
    {
        foreach (string line in File.ReadLines(List))
        {
            if (Parse(line) is { } entry && entry.Id == id)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Reads a line of the list.</summary>
    /// <param name="line">The line: six fields, others that are optional, a dash, the type, the source, and more.</param>
    /// <returns>The mount; null when the line is none.</returns>
    internal static MountEntry? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int dash = Array.IndexOf(fields, "-");
        return dash >= FirstOptionalField && dash + 2 < fields.Length && int.TryParse(fields[IdField], out int id)
            ? new MountEntry(id, fields[DeviceField], fields[dash + 1], fields[dash + 2])
            : null;
    }
}
