using System;
using System.Buffers.Binary;
using System.Text.Json;

namespace Mhi.Endpoint.VfioUser;

/// <summary>VERSION: numbers, and capabilities as JSON text that ends in a zero byte.</summary>
internal static class VersionMessage
{
    private const int NumbersLength = 4;
    private const int DefaultMaxTransfer = 1 << 20;

    // Clients keep a buffer as long as their request for the reply: the shortest text that says what differs from the
    // defaults, else none. JSON numbers as in LocalSocket.MaxDescriptors and MessageStream.MaxTransfer.
    private static ReadOnlySpan<byte> Capabilities => "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}\0"u8;

    /// <summary>Reads a client's message.</summary>
    /// <param name="payload">What followed the header.</param>
    /// <param name="maxTransfer">Most bytes the client accepts in one access.</param>
    /// <returns>False when it is malformed, or the major version is another.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out int maxTransfer)
    {
        maxTransfer = DefaultMaxTransfer;
        if (payload.Length < NumbersLength || BinaryPrimitives.ReadUInt16LittleEndian(payload) != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> text = payload[NumbersLength..];
        if (text.IsEmpty)
        {
            return true;
        }

        return text[^1] == 0 && TryReadCapabilities(text[..^1], ref maxTransfer);
    }

    /// <summary>Writes the reply: version 0.0.</summary>
    /// <param name="payload">Where to.</param>
    /// <param name="requestLength">Length of the client's payload; the reply is not longer.</param>
    /// <returns>Length of the reply's payload.</returns>
    internal static int WriteReply(Span<byte> payload, int requestLength)
    {
        payload[..NumbersLength].Clear();
        if (requestLength < NumbersLength + Capabilities.Length)
        {
            return NumbersLength;
        }

        Capabilities.CopyTo(payload[NumbersLength..]);
        return NumbersLength + Capabilities.Length;
    }

    private static bool TryReadCapabilities(ReadOnlySpan<byte> text, ref int maxTransfer)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            bool inCapabilities = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.CurrentDepth == 1)
                {
                    inCapabilities = reader.ValueTextEquals("capabilities"u8);
                }
                else if (reader.CurrentDepth == 2 && inCapabilities && reader.ValueTextEquals("max_data_xfer_size"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out maxTransfer) || maxTransfer < 1)
                    {
                        return false;
                    }
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
