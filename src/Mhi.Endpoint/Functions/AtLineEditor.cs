using System;

namespace Mhi.Endpoint.Functions;

/// <summary>
/// Collects the characters of a command line and, at its end, leaves its body: what stands behind <c>AT</c>, in capital
/// letters and without spaces, except inside strings.
/// </summary>
internal sealed class AtLineEditor
{
    /// <summary>Longest line. The standard asks for 40 characters; a longer line than this is refused whole.</summary>
    internal const int MaxLength = 512;

    private readonly byte[] _line = new byte[MaxLength];
    private readonly byte[] _body = new byte[MaxLength];
    private int _lineLength;
    private int _bodyLength;
    private bool _overlong;

    /// <summary>What a character did to the line.</summary>
    internal enum Event
    {
        /// <summary>The line goes on.</summary>
        None,

        /// <summary>The character was no part of any line: it is not sent back either.</summary>
        Ignored,

        /// <summary>The last character of the line was taken back.</summary>
        Erased,

        /// <summary>The line is complete, and <see cref="Body"/> is what it asks for.</summary>
        Command,

        /// <summary>A/ asks for the present <see cref="Body"/> once more.</summary>
        Repeat,

        /// <summary>The line was empty.</summary>
        Empty,

        /// <summary>The line was too long, or is no command line.</summary>
        Bad,
    }

    /// <summary>Body of the last command line; empty until there was one.</summary>
    public ReadOnlySpan<byte> Body => _body.AsSpan(0, _bodyLength);

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        DropLine();
        _bodyLength = 0;
    }

    /// <summary>Forgets the line so far.</summary>
    public void DropLine()
    {
        _lineLength = 0;
        _overlong = false;
    }

    /// <summary>Takes one character.</summary>
    /// <param name="character">The character.</param>
    /// <returns>What it did.</returns>
    public Event Accept(byte character)
    {
        switch (character)
        {
            case (byte)'\r':
                return End();
            case (byte)'\b' or 0x7f:
                return Erase();
            case < (byte)' ':
                return Event.Ignored;
            case (byte)'/' when EndsWithLoneA():
                _lineLength = 0;
                return Event.Repeat;
            default:
                Store(character);
                return Event.None;
        }
    }

    private void Store(byte character)
    {
        if (_lineLength == MaxLength)
        {
            _overlong = true;
        }
        else
        {
            _line[_lineLength++] = character;
        }
    }

    private Event Erase()
    {
        // What was cut off cannot be taken back: the line stays too long.
        if (_lineLength == 0 || _overlong)
        {
            return Event.Ignored;
        }

        _lineLength--;
        return Event.Erased;
    }

    private Event End()
    {
        ReadOnlySpan<byte> line = _line.AsSpan(0, _lineLength);
        bool overlong = _overlong;
        DropLine();
        if (line.IsEmpty)
        {
            return Event.Empty;
        }

        int prefix = IndexOfPrefix(line);
        if (overlong || prefix < 0)
        {
            return Event.Bad;
        }

        Normalise(line[(prefix + 2)..]);
        return Event.Command;
    }

    private bool EndsWithLoneA()
    {
        ReadOnlySpan<byte> line = _line.AsSpan(0, _lineLength);
        return !_overlong && !line.IsEmpty && (line[^1] | 0x20) == 'a' && IndexOfPrefix(line) < 0;
    }

    // Characters before the prefix are ignored (V.250 5.2.1).
    private static int IndexOfPrefix(ReadOnlySpan<byte> line)
    {
        for (int i = 0; i + 1 < line.Length; i++)
        {
            if ((line[i] | 0x20) == 'a' && (line[i + 1] | 0x20) == 't')
            {
                return i;
            }
        }

        return -1;
    }

    private void Normalise(ReadOnlySpan<byte> text)
    {
        bool quoted = false;
        _bodyLength = 0;
        foreach (byte character in text)
        {
            quoted ^= character == '"';
            if (quoted || character != ' ')
            {
                _body[_bodyLength++] = !quoted && character is >= (byte)'a' and <= (byte)'z' ? (byte)(character - 0x20) : character;
            }
        }
    }
}
