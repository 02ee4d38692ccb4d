using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>The rows of <c>expected-profiles.txt</c>, which is written from the MHI reference and not from the profile files.</summary>
internal static class ExpectedProfiles
{
    private static readonly string[][] s_rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Profiles", "expected-profiles.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ')),
    ];

    /// <summary>Rows of a kind, without the word that names it.</summary>
    public static string[][] Rows(string kind) => [.. s_rows.Where(row => row[0] == kind).Select(row => row[1..])];

    /// <summary>Rows of a numbered table, without its name.</summary>
    public static string[][] Table(string kind, string name) =>
        [.. Rows(kind).Where(row => row[0] == name).Select(row => row[1..])];

    public static int Number(string text, int absent = 0) =>
        text == "-" ? absent : int.Parse(text, CultureInfo.InvariantCulture);

    public static ushort Hexadecimal(string text) => ushort.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
