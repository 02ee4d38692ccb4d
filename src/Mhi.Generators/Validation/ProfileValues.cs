using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Validation;

/// <summary>Gives the values of a profile file their meaning; what has none is reported and gets a stand-in.</summary>
internal sealed class ProfileValues
{
    private readonly ImmutableArray<DiagnosticInfo>.Builder _diagnostics = ImmutableArray.CreateBuilder<DiagnosticInfo>();

    public ProfileValues(EquatableArray<DiagnosticInfo> diagnostics) => _diagnostics.AddRange(diagnostics);

    public EquatableArray<DiagnosticInfo> Diagnostics => new(_diagnostics.ToImmutable());

    /// <summary>Whether nothing was wrong.</summary>
    public bool Good => _diagnostics.Count == 0;

    public static bool Flag(ParsedObject source, string property) => source[property]?.Value == "true";

    public void Report(DiagnosticDescriptor descriptor, SourcePlace place, params string[] arguments) =>
        _diagnostics.Add(DiagnosticInfo.Create(descriptor, place, arguments));

    public void Report(DiagnosticInfo diagnostic) => _diagnostics.Add(diagnostic);

    public int Number(ParsedObject source, string property, int least, int most, int absent = 0)
    {
        if (source[property] is not { } text)
        {
            return absent;
        }

        if (int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        Report(
            Descriptors.ProfileNumberInvalid, text.Place, property, $"a whole number from {Decimal(least)} to {Decimal(most)}", text.Value);
        return absent;
    }

    /// <summary>The elements of a ring.</summary>
    public int Elements(ParsedObject source)
    {
        if (source[ProfileFileFormat.Elements] is not { } text)
        {
            return 0;
        }

        if (int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value is >= 2 and <= ProfileFileFormat.MaxElements
            && (value & (value - 1)) == 0)
        {
            return value;
        }

        Report(
            Descriptors.ProfileNumberInvalid,
            text.Place,
            ProfileFileFormat.Elements,
            $"a power of two from 2 to {Decimal(ProfileFileFormat.MaxElements)}",
            text.Value);
        return 0;
    }

    /// <summary>The word of a property; the first of the known ones when it is absent or unknown.</summary>
    public string Word(ParsedObject source, string property, ImmutableArray<string> known)
    {
        Located<string>? word = source[property];
        if (word is null || known.Contains(word.Value))
        {
            return word?.Value ?? known[0];
        }

        Report(Descriptors.ProfileWordUnknown, word.Place, property, word.Value, Suggestions.For(word.Value, known));
        return known[0];
    }

    public int? PciNumber(ParsedObject source, string property)
    {
        if (source[property] is not { } text)
        {
            return null;
        }

        if (text.Value.Length == 6
            && text.Value.StartsWith("0x", StringComparison.Ordinal)
            && text.Value.Skip(2).All(IsHexadecimal))
        {
            return int.Parse(text.Value.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        Report(Descriptors.PciNumberInvalid, text.Place, property, text.Value);
        return null;
    }

    /// <summary>The text of a property; an empty one is worth no more than none.</summary>
    public static string? Text(ParsedObject source, string property) =>
        source[property]?.Value is { Length: > 0 } text ? text : null;

    public static string Decimal(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool IsHexadecimal(char character) =>
        character is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');
}
