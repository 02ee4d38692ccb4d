using System;
using System.Text;
using System.Text.Json;
using Mhi.Generators.Models;
using Microsoft.CodeAnalysis.Text;

namespace Mhi.Generators.Parsing;

/// <summary>
/// Turns the byte offsets of a <see cref="Utf8JsonReader"/> into characters, lines and columns of the file. Offsets mostly
/// grow, so the last answer is the start of the next count and a whole file costs one pass.
/// </summary>
internal sealed class JsonPlaces
{
    private readonly string _path;
    private readonly SourceText _text;
    private readonly byte[] _utf8;
    private int _knownByte;
    private int _knownCharacter;

    public JsonPlaces(string path, string content)
    {
        _path = path;
        _text = SourceText.From(content);
        _utf8 = Encoding.UTF8.GetBytes(content);
    }

    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>The first character that is not white space, or the end of an empty file.</summary>
    public SourcePlace DocumentStart()
    {
        int start = 0;
        while (start < _text.Length && char.IsWhiteSpace(_text[start]))
        {
            start++;
        }

        return Place(start, Math.Min(start + 1, _text.Length));
    }

    /// <summary>The token the reader stands on, with the quotes of a string.</summary>
    public SourcePlace Token(in Utf8JsonReader reader)
    {
        int quotes = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0;
        int start = (int)reader.TokenStartIndex;
        int first = Character(start);
        return Place(first, Character(start + reader.ValueSpan.Length + quotes));
    }

    /// <summary>
    /// The character a syntax error points at. The reader counts lines by line feeds alone, and columns in bytes.
    /// </summary>
    public SourcePlace Error(JsonException exception)
    {
        int offset = 0;
        for (long line = exception.LineNumber ?? 0; line > 0; line--)
        {
            int lineFeed = _utf8.AsSpan(offset).IndexOf((byte)'\n');
            if (lineFeed < 0)
            {
                break;
            }

            offset += lineFeed + 1;
        }

        offset = (int)Math.Min(offset + (exception.BytePositionInLine ?? 0), _utf8.Length);
        int start = Character(offset);
        return Place(start, Math.Min(start + 1, _text.Length));
    }

    /// <summary>Whether the place is the <c>x</c> of a hexadecimal number, which JSON does not have.</summary>
    public bool IsBareHexadecimal(SourcePlace place) =>
        place.Span is { Start: > 0, Length: 1 }
        && _text[place.Span.Start] is ('x' or 'X')
        && _text[place.Span.Start - 1] == '0';

    private SourcePlace Place(int start, int end)
    {
        TextSpan span = TextSpan.FromBounds(start, end);
        return new SourcePlace(_path, span, _text.Lines.GetLinePositionSpan(span));
    }

    private int Character(int byteOffset)
    {
        if (_utf8.Length == _text.Length)
        {
            return byteOffset;
        }

        if (byteOffset < _knownByte)
        {
            (_knownByte, _knownCharacter) = (0, 0);
        }

        _knownCharacter += Encoding.UTF8.GetCharCount(_utf8, _knownByte, byteOffset - _knownByte);
        _knownByte = byteOffset;
        return _knownCharacter;
    }
}
