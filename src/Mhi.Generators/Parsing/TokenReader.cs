using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Parsing;

/// <summary>Reads single tokens, with their place, and reports those that are not what they should be.</summary>
internal sealed class TokenReader
{
    private readonly JsonPlaces _places;
    private readonly ImmutableArray<DiagnosticInfo>.Builder _diagnostics = ImmutableArray.CreateBuilder<DiagnosticInfo>();

    private readonly DiagnosticDescriptor _invalidJson;

    public TokenReader(JsonPlaces places, DiagnosticDescriptor invalidJson) => (_places, _invalidJson) = (places, invalidJson);

    public EquatableArray<DiagnosticInfo> Diagnostics => new(_diagnostics.ToImmutable());

    public SourcePlace Place(in Utf8JsonReader reader) => _places.Token(in reader);

    public void Report(DiagnosticDescriptor descriptor, SourcePlace place, params string[] arguments) =>
        _diagnostics.Add(DiagnosticInfo.Create(descriptor, place, arguments));

    /// <summary>
    /// Moves to the value of the next property that is known and new in its object, reporting and skipping the others.
    /// </summary>
    /// <returns>The name of that property, or null at the end of the object.</returns>
    public string? NextProperty(ref Utf8JsonReader reader, ImmutableArray<string> known, HashSet<string> seen)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            SourcePlace place = Place(in reader);
            string? name = Text(ref reader);
            reader.Read();
            if (name is not null && known.Contains(name))
            {
                if (seen.Add(name))
                {
                    return name;
                }

                Report(Descriptors.DuplicateProperty, place, name);
            }
            else if (name is not null)
            {
                Report(Descriptors.UnknownProperty, place, name, Suggestions.For(name, known));
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>Checks the type of the token; one of another type is reported and skipped with all it contains.</summary>
    public bool Expect(ref Utf8JsonReader reader, JsonTokenType type, string subject)
    {
        if (reader.TokenType == type)
        {
            return true;
        }

        ReportType(ref reader, subject, Describe(type));
        return false;
    }

    public Located<string>? String(ref Utf8JsonReader reader, string property)
    {
        if (!Expect(ref reader, JsonTokenType.String, $"'{property}'"))
        {
            return null;
        }

        SourcePlace place = Place(in reader);
        return Text(ref reader) is { } text ? new Located<string>(text, place) : null;
    }

    public Located<string>? Number(ref Utf8JsonReader reader, string property) =>
        Expect(ref reader, JsonTokenType.Number, $"'{property}'")
            ? new Located<string>(RawText(in reader), Place(in reader))
            : null;

    public Located<string>? NumberOrString(ref Utf8JsonReader reader, string property)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return Number(ref reader, property);
            case JsonTokenType.String:
                return String(ref reader, property);
            default:
                ReportType(ref reader, $"'{property}'", "a number or a string");
                return null;
        }
    }

    public Located<bool>? Boolean(ref Utf8JsonReader reader, string property)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return new Located<bool>(reader.GetBoolean(), Place(in reader));
        }

        ReportType(ref reader, $"'{property}'", "true or false");
        return null;
    }

    public void ReportSyntaxError(JsonException exception)
    {
        // The reader appends the position to its text; here the diagnostic carries it.
        string message = exception.Message;
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        message = position < 0 ? message : message.Substring(0, position);
        SourcePlace place = _places.Error(exception);
        if (_places.IsBareHexadecimal(place))
        {
            message += " A hexadecimal number needs quotes: \"0x1000\".";
        }

        Report(_invalidJson, place, message);
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private static string RawText(in Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan.ToArray());

    private void ReportType(ref Utf8JsonReader reader, string subject, string expected)
    {
        Report(Descriptors.WrongType, Place(in reader), subject, expected, Describe(reader.TokenType));
        reader.Skip();
    }

    private string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair as an escape: good JSON grammar, but no text.
            Report(_invalidJson, Place(in reader), "an escape sequence of this string stands for half a character.");
            return null;
        }
    }
}
