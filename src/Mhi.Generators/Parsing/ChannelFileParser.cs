using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text.Json;
using System.Threading;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Parsing;

/// <summary>
/// Reads the structure of a channel file: which properties stand where and of which JSON type. Never throws on content;
/// after a syntax error it returns all that was complete before it.
/// </summary>
internal sealed class ChannelFileParser
{
    private readonly ImmutableArray<ParsedChannel>.Builder _channels = ImmutableArray.CreateBuilder<ParsedChannel>();
    private readonly TokenReader _tokens;
    private readonly CancellationToken _cancellation;
    private Located<string>? _namespace;
    private Located<string>? _accessibility;

    private ChannelFileParser(TokenReader tokens, CancellationToken cancellation)
    {
        _tokens = tokens;
        _cancellation = cancellation;
    }

    public static ParsedFile Parse(ChannelFileText file, CancellationToken cancellation)
    {
        JsonPlaces places = new(file.Path, file.Content ?? string.Empty);
        TokenReader tokens = new(places, Descriptors.InvalidJson);
        ChannelFileParser parser = new(tokens, cancellation);
        bool complete = false;
        if (file.Content is null)
        {
            tokens.Report(Descriptors.FileUnreadable, places.DocumentStart(), file.Path);
        }
        else
        {
            complete = parser.TryReadDocument(places);
        }

        return new ParsedFile(
            file.Path,
            places.DocumentStart(),
            parser._namespace,
            parser._accessibility,
            new EquatableArray<ParsedChannel>(parser._channels.ToImmutable()),
            complete,
            tokens.Diagnostics);
    }

    private bool TryReadDocument(JsonPlaces places)
    {
        // Comments and trailing commas do no harm here, and a table edited by hand gains from both.
        JsonReaderOptions options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        Utf8JsonReader reader = new(places.Utf8, options);
        try
        {
            reader.Read();
            ReadFileObject(ref reader);

            // Anything behind the document is a syntax error that only reading on brings up.
            return !reader.Read();
        }
        catch (JsonException exception)
        {
            _tokens.ReportSyntaxError(exception);
            return false;
        }
    }

    private void ReadFileObject(ref Utf8JsonReader reader)
    {
        SourcePlace start = _tokens.Place(in reader);
        if (!_tokens.Expect(ref reader, JsonTokenType.StartObject, "The document"))
        {
            return;
        }

        HashSet<string> seen = [];
        while (_tokens.NextProperty(ref reader, ChannelFileFormat.FileProperties, seen) is { } property)
        {
            switch (property)
            {
                case ChannelFileFormat.Namespace:
                    _namespace = _tokens.String(ref reader, property);
                    break;
                case ChannelFileFormat.Accessibility:
                    _accessibility = _tokens.String(ref reader, property);
                    break;
                case ChannelFileFormat.Channels:
                    ReadChannels(ref reader);
                    break;
                default:
                    // "$schema" is for editors; it only has to be a string.
                    _tokens.String(ref reader, property);
                    break;
            }
        }

        if (!seen.Contains(ChannelFileFormat.Channels))
        {
            _tokens.Report(Descriptors.ChannelsMissing, start);
        }
    }

    private void ReadChannels(ref Utf8JsonReader reader)
    {
        SourcePlace start = _tokens.Place(in reader);
        if (!_tokens.Expect(ref reader, JsonTokenType.StartArray, $"'{ChannelFileFormat.Channels}'"))
        {
            return;
        }

        bool empty = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _cancellation.ThrowIfCancellationRequested();
            empty = false;
            if (_tokens.Expect(ref reader, JsonTokenType.StartObject, $"An entry of '{ChannelFileFormat.Channels}'"))
            {
                _channels.Add(ReadChannel(ref reader));
            }
        }

        if (empty)
        {
            _tokens.Report(Descriptors.ChannelsEmpty, start);
        }
    }

    private ParsedChannel ReadChannel(ref Utf8JsonReader reader)
    {
        ParsedChannel channel = new(_tokens.Place(in reader), null, null, null, null, null, null, null);
        HashSet<string> seen = [];
        while (_tokens.NextProperty(ref reader, ChannelFileFormat.ChannelProperties, seen) is { } property)
        {
            channel = property switch
            {
                ChannelFileFormat.Name => channel with { Name = _tokens.String(ref reader, property) },
                ChannelFileFormat.Mtu => channel with { Mtu = _tokens.NumberOrString(ref reader, property) },
                ChannelFileFormat.Direction => channel with { Direction = _tokens.String(ref reader, property) },
                ChannelFileFormat.PoolDepth => channel with { PoolDepth = _tokens.Number(ref reader, property) },
                ChannelFileFormat.DeliverEmptyPackets =>
                    channel with { DeliverEmptyPackets = _tokens.Boolean(ref reader, property) },
                ChannelFileFormat.WritePolicy => channel with { WritePolicy = _tokens.String(ref reader, property) },
                _ => channel with { Description = _tokens.String(ref reader, property) },
            };
        }

        if (!seen.Contains(ChannelFileFormat.Name))
        {
            ReportMissing(channel, ChannelFileFormat.Name, "the name of the device's channel table, such as \"LOOPBACK\"");
        }

        if (!seen.Contains(ChannelFileFormat.Mtu))
        {
            ReportMissing(channel, ChannelFileFormat.Mtu, "the largest transfer in bytes, such as \"0x1000\"");
        }

        return channel;
    }

    private void ReportMissing(ParsedChannel channel, string property, string advice) =>
        _tokens.Report(Descriptors.PropertyMissing, channel.Start, property, advice);
}
