using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Mhi.Endpoint.Functions;

/// <summary>Sends as much as it is asked for, as one packet: a downlink of any length up to 1 MiB.</summary>
/// <remarks>
/// A request is a packet with a decimal number of bytes, and perhaps a line end. The answer is the numbers from 1 on, a
/// line each, cut off after so many bytes, as <c>seq 200000 | head -c BYTES</c> prints them. Any other packet is answered
/// with a line that says so. While the host has no buffers for an answer, nothing is taken.
/// </remarks>
public sealed class SourceFunction : ChannelFunction
{
    /// <summary>Longest answer, in bytes.</summary>
    public const int MaxLength = 1 << 20;

    private static readonly byte[] s_numbers = CreateNumbers();
    private static readonly byte[] s_usage =
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Ask for 1 to {MaxLength} bytes by a decimal number.\n"));

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        ReadOnlySpan<byte> number = packet.TrimEnd("\r\n"u8);
        bool isRequest = Utf8Parser.TryParse(number, out uint length, out int digits) && digits == number.Length && length is >= 1 and <= MaxLength;
        return downlink.TrySend(isRequest ? s_numbers.AsSpan(0, (int)length) : s_usage);
    }

    private static byte[] CreateNumbers()
    {
        byte[] text = new byte[MaxLength];
        Span<byte> line = stackalloc byte[16];
        int length = 0;
        for (int number = 1; length < text.Length; number++)
        {
            _ = number.TryFormat(line, out int digits, default, CultureInfo.InvariantCulture);
            line[digits] = (byte)'\n';
            ReadOnlySpan<byte> whole = line[..Math.Min(digits + 1, text.Length - length)];
            whole.CopyTo(text.AsSpan(length));
            length += whole.Length;
        }

        return text;
    }
}
