using System;
using System.Buffers;
using System.IO;
using System.Text.Json;
using System.Threading;

namespace Mhi.Endpoint.Logging;

/// <summary>What happened, step by step: JSON lines with the time in seconds and the kind of event first.</summary>
/// <remarks>
/// Any thread may write; a line is written whole and at once, so that the last one tells where a run stopped. Payloads are
/// not logged. A log that cannot be written goes silent: the device is worth more than its log.
/// </remarks>
public sealed class ProtocolLog : IDisposable
{
    private readonly Stream _stream;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _writer;
    private bool _isBroken;

    /// <summary>Creates a log whose time starts now.</summary>
    /// <param name="stream">Where to; disposed with the log.</param>
    /// <param name="timeProvider">Clock; the system's by default.</param>
    public ProtocolLog(Stream stream, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _start = _timeProvider.GetTimestamp();
        _writer = new Utf8JsonWriter(_buffer);
    }

    /// <summary>Begins a line; disposing it writes it.</summary>
    /// <param name="name">Kind of event.</param>
    /// <returns>The line.</returns>
    internal LogLine Begin(string name)
    {
        _lock.Enter();
        _writer.WriteStartObject();
        _writer.WriteNumber("t", Math.Round(_timeProvider.GetElapsedTime(_start).TotalSeconds, 6));
        _writer.WriteString("ev", name);
        return new LogLine(this, _writer);
    }

    /// <summary>Ends the line that <see cref="Begin"/> began.</summary>
    internal void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
        try
        {
            if (!_isBroken)
            {
                _stream.Write(_buffer.WrittenSpan);
            }
        }
        catch (IOException)
        {
            _isBroken = true;
        }

        _buffer.ResetWrittenCount();
        _writer.Reset();
        _lock.Exit();
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isBroken = true;
            _stream.Dispose();
        }
    }
}
