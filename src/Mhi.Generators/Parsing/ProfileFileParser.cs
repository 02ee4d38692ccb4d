using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Parsing;

/// <summary>
/// Reads the structure of a profile file: which properties stand where and of which JSON type. Never throws on content.
/// </summary>
internal sealed class ProfileFileParser
{
    private readonly Dictionary<string, ImmutableArray<ParsedObject>.Builder> _arrays = new()
    {
        [ProfileFileFormat.PciIds] = ImmutableArray.CreateBuilder<ParsedObject>(),
        [ProfileFileFormat.Channels] = ImmutableArray.CreateBuilder<ParsedObject>(),
        [ProfileFileFormat.EventRings] = ImmutableArray.CreateBuilder<ParsedObject>(),
    };

    private readonly TokenReader _tokens;
    private readonly CancellationToken _cancellation;
    private ParsedObject _file;

    private ProfileFileParser(TokenReader tokens, SourcePlace start, CancellationToken cancellation)
    {
        _tokens = tokens;
        _cancellation = cancellation;
        _file = new ParsedObject(start, default);
    }

    public static ParsedProfile Parse(ChannelFileText file, CancellationToken cancellation)
    {
        JsonPlaces places = new(file.Path, file.Content ?? string.Empty);
        TokenReader tokens = new(places, Descriptors.InvalidProfileJson);
        ProfileFileParser parser = new(tokens, places.DocumentStart(), cancellation);
        if (file.Content is null)
        {
            tokens.Report(Descriptors.FileUnreadable, places.DocumentStart(), file.Path);
        }
        else
        {
            parser.ReadDocument(places);
        }

        return new ParsedProfile(
            file.Path,
            parser._file,
            parser.Array(ProfileFileFormat.PciIds),
            parser.Array(ProfileFileFormat.Channels),
            parser.Array(ProfileFileFormat.EventRings),
            tokens.Diagnostics);
    }

    private EquatableArray<ParsedObject> Array(string name) => new(_arrays[name].ToImmutable());

    private void ReadDocument(JsonPlaces places)
    {
        JsonReaderOptions options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        Utf8JsonReader reader = new(places.Utf8, options);
        try
        {
            reader.Read();
            if (_tokens.Expect(ref reader, JsonTokenType.StartObject, "The document"))
            {
                _file = ReadObject(ref reader, ProfileFileFormat.FileProperties);
            }

            // Anything behind the document is a syntax error that only reading on brings up.
            reader.Read();
        }
        catch (JsonException exception)
        {
            _tokens.ReportSyntaxError(exception);
        }
    }

    private ParsedObject ReadObject(ref Utf8JsonReader reader, ImmutableArray<PropertyFormat> formats)
    {
        SourcePlace start = _tokens.Place(in reader);
        ImmutableArray<ParsedProperty>.Builder properties = ImmutableArray.CreateBuilder<ParsedProperty>();
        ImmutableArray<string> known = ImmutableArray.CreateRange(formats.Select(format => format.Name));
        HashSet<string> seen = [];
        while (_tokens.NextProperty(ref reader, known, seen) is { } name)
        {
            PropertyFormat format = formats[known.IndexOf(name)];
            Located<string>? value = null;
            switch (format.Kind)
            {
                case PropertyKind.Text:
                    value = _tokens.String(ref reader, name);
                    break;
                case PropertyKind.Number:
                    value = _tokens.Number(ref reader, name);
                    break;
                case PropertyKind.Boolean:
                    value = _tokens.Boolean(ref reader, name) is { } flag
                        ? new Located<string>(flag.Value ? "true" : "false", flag.Place)
                        : null;
                    break;
                default:
                    ReadArray(ref reader, name);
                    break;
            }

            if (value is not null)
            {
                properties.Add(new ParsedProperty(name, value));
            }
        }

        foreach (PropertyFormat format in formats.Where(format => format.Advice is not null && !seen.Contains(format.Name)))
        {
            _tokens.Report(Descriptors.ProfilePropertyMissing, start, format.Name, format.Advice!);
        }

        return new ParsedObject(start, new EquatableArray<ParsedProperty>(properties.ToImmutable()));
    }

    private void ReadArray(ref Utf8JsonReader reader, string name)
    {
        SourcePlace start = _tokens.Place(in reader);
        if (!_tokens.Expect(ref reader, JsonTokenType.StartArray, $"'{name}'"))
        {
            return;
        }

        bool empty = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _cancellation.ThrowIfCancellationRequested();
            empty = false;
            if (_tokens.Expect(ref reader, JsonTokenType.StartObject, $"An entry of '{name}'"))
            {
                _arrays[name].Add(ReadObject(ref reader, EntryProperties(name)));
            }
        }

        if (empty)
        {
            _tokens.Report(Descriptors.ProfileArrayEmpty, start, name);
        }
    }

    private static ImmutableArray<PropertyFormat> EntryProperties(string array) => array switch
    {
        ProfileFileFormat.PciIds => ProfileFileFormat.PciIdProperties,
        ProfileFileFormat.Channels => ProfileFileFormat.ChannelProperties,
        _ => ProfileFileFormat.EventRingProperties,
    };
}
