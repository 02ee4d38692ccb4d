using System;
using System.Globalization;
using System.Text.Json;

namespace Mhi.Endpoint.Logging;

/// <summary>One line of a <see cref="ProtocolLog"/> that is being written. Holds the log's lock until it is disposed.</summary>
internal readonly ref struct LogLine
{
    private readonly ProtocolLog _log;
    private readonly Utf8JsonWriter _writer;

    internal LogLine(ProtocolLog log, Utf8JsonWriter writer)
    {
        _log = log;
        _writer = writer;
    }

    /// <summary>Adds an address, a register value, or anything else that is read in hexadecimal.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    internal void Hex(string name, ulong value)
    {
        Span<char> text = stackalloc char[18];
        _ = text.TryWrite(CultureInfo.InvariantCulture, $"0x{value:x}", out int length);
        _writer.WriteString(name, text[..length]);
    }

    internal void Number(string name, long value) => _writer.WriteNumber(name, value);

    internal void Text(string name, string value) => _writer.WriteString(name, value);

    internal void Flag(string name, bool value) => _writer.WriteBoolean(name, value);

    /// <summary>Writes the line.</summary>
    public void Dispose() => _log.End();
}
