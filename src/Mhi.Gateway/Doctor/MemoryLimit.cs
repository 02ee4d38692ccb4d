using System;
using System.Globalization;

namespace Mhi.Gateway.Doctor;

/// <summary>How much memory this process may lock, which is how much it may give to a device.</summary>
/// <param name="Bytes">The limit; null for none.</param>
internal readonly record struct MemoryLimit(long? Bytes)
{
    private const string LimitLine = "Max locked memory";
    private const string CapabilityLine = "CapEff:";
    private const int CapabilityLockMemory = 14;

    /// <summary>Reads the limit.</summary>
    /// <param name="limits">Contents of <c>/proc/self/limits</c>.</param>
    /// <param name="status">Contents of <c>/proc/self/status</c>.</param>
    /// <returns>The limit.</returns>
    internal static MemoryLimit Read(string limits, string status)
    {
        if (Find(status, CapabilityLine) is [var mask, ..]
            && ulong.TryParse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong capabilities)
            && (capabilities >> CapabilityLockMemory & 1) != 0)
        {
            return new MemoryLimit(null);
        }

        return Find(limits, LimitLine) is [var soft, ..] && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? new MemoryLimit(bytes)
            : new MemoryLimit(null);
    }

    private static string[] Find(string text, string name)
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[name.Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return [];
    }
}
