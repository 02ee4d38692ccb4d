using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Mhi.Pci;

/// <summary>Reads and writes sysfs: what is missing, forbidden or garbage reads as null.</summary>
internal static class SysfsFile
{
    /// <summary>A file with one line.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The line without its end; null when there is none, or an empty one.</returns>
    internal static string? Text(string path)
    {
        try
        {
            string text = File.ReadAllText(path).Trim();
            return text.Length == 0 ? null : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The first bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="destination">Receives them.</param>
    /// <returns>How many could be read; 0 when none.</returns>
    internal static int Bytes(string path, Span<byte> destination)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return file.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>A hexadecimal number, with or without <c>0x</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number.</returns>
    internal static ulong? Hexadecimal(string? text)
    {
        ReadOnlySpan<char> digits = text;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
        }

        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : null;
    }

    /// <summary>A decimal number.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The number.</returns>
    internal static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;

    /// <summary>The last part of what a link leads to.</summary>
    /// <param name="path">The link.</param>
    /// <returns>The name.</returns>
    internal static string? LinkName(string path)
    {
        try
        {
            return Path.GetFileName(new FileInfo(path).LinkTarget) is { Length: > 0 } name ? name : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The names in a directory, in order.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>The names; none when it cannot be read.</returns>
    internal static List<string> Names(string path)
    {
        List<string> names = [];
        try
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(path))
            {
                names.Add(Path.GetFileName(entry));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            names.Clear();
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>Writes a value in one call, as the kernel wants it.</summary>
    /// <param name="write">The value and the file.</param>
    internal static void Write(SysfsWrite write)
    {
        using var file = new FileStream(write.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(Encoding.ASCII.GetBytes(write.Value + "\n"));
    }
}
