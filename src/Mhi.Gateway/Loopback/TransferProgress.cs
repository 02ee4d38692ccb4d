using System;
using System.Globalization;
using System.IO;
using System.Text.Unicode;

namespace Mhi.Gateway.Loopback;

/// <summary>The progress line on a terminal, rewritten in place. Allocates nothing after it was shown once.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="totalBytes">Bytes there will be, if that is known.</param>
/// <param name="timeLimit">How long it will take at most, if that is known.</param>
internal sealed class TransferProgress(Stream terminal, long? totalBytes, TimeSpan? timeLimit)
{
    private const int BarWidth = 30;

    private static readonly TimeSpan s_interval = new(TimeSpan.TicksPerSecond / 10);

    private readonly byte[] _line = new byte[128];
    private TimeSpan _shownAt = -s_interval;

    /// <summary>Shows how far the run has come, at most ten times a second.</summary>
    /// <param name="bytes">Bytes received so far.</param>
    /// <param name="elapsed">Time since the start.</param>
    internal void Show(long bytes, TimeSpan elapsed)
    {
        if (elapsed - _shownAt >= s_interval)
        {
            _shownAt = elapsed;
            Write(_line.AsSpan(0, Format(_line, bytes, elapsed, Share(bytes, elapsed))));
        }
    }

    /// <summary>Removes the line.</summary>
    internal void Clear() => Write("\r\x1b[K"u8);

    /// <summary>Writes the line.</summary>
    /// <param name="destination">Receives it; 128 bytes are enough.</param>
    /// <param name="bytes">Bytes received so far.</param>
    /// <param name="elapsed">Time since the start.</param>
    /// <param name="share">Part of the whole that is done, or null when the whole is not known.</param>
    /// <returns>How long it is.</returns>
    internal static int Format(Span<byte> destination, long bytes, TimeSpan elapsed, double? share)
    {
        double seconds = elapsed.TotalSeconds;
        double rate = seconds > 0 ? bytes / seconds / 1e6 : 0;
        int length = 0;
        if (share is { } part)
        {
            Span<byte> bar = stackalloc byte[BarWidth];
            int full = (int)(part * BarWidth);
            bar[..full].Fill((byte)'#');
            bar[full..].Fill((byte)'.');
            "\r["u8.CopyTo(destination);
            bar.CopyTo(destination[2..]);
            _ = Utf8.TryWrite(destination[(BarWidth + 2)..], CultureInfo.InvariantCulture, $"] {(int)(part * 100),3}% ", out length);
            length += BarWidth + 2;
        }
        else
        {
            destination[length++] = (byte)'\r';
        }

        _ = Utf8.TryWrite(
            destination[length..], CultureInfo.InvariantCulture, $"{bytes / 1e6,10:0.0} MB {rate,8:0.0} MB/s\x1b[K", out int rest);
        return length + rest;
    }

    private double? Share(long bytes, TimeSpan elapsed)
    {
        double? ofBytes = totalBytes is > 0 and { } total ? (double)bytes / total : null;
        double? ofTime = timeLimit is { } limit ? elapsed / limit : null;
        double? share = ofBytes is null || ofTime > ofBytes ? ofTime : ofBytes;
        return share is { } known ? Math.Clamp(known, 0, 1) : null;
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        try
        {
            terminal.Write(text);
        }
        catch (IOException)
        {
            // A terminal that has gone away is no reason to end the run.
        }
    }
}
