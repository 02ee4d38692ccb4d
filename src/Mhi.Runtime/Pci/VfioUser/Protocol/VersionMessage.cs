using System;
using System.Buffers.Binary;
using System.Text.Json;

namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>VERSION: numbers, and capabilities as JSON text that ends in a zero byte.</summary>
internal static class VersionMessage
{
    private const int NumbersLength = 4;

    // Clients keep a buffer as long as their request for the reply: the shortest text that says what differs from the
    // defaults, else none. JSON numbers as in LocalSocket.MaxDescriptors and MessageStream.MaxTransfer.
    private static ReadOnlySpan<byte> ServerText => "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}\0"u8;

    // Not shorter than what a server may want to answer. Some servers refuse a client that takes more descriptors than they do.
    private static ReadOnlySpan<byte> ClientText => "{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,\"pgsizes\":4096,\"max_dma_maps\":65535}}\0"u8;

    /// <summary>Reads the other side's message.</summary>
    /// <param name="payload">What followed the header.</param>
    /// <param name="major">Its major version.</param>
    /// <param name="minor">Its minor version.</param>
    /// <param name="capabilities">What it said of itself.</param>
    /// <returns>False when it is malformed.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out ushort major, out ushort minor, out PeerCapabilities capabilities)
    {
        capabilities = PeerCapabilities.Default;
        if (payload.Length < NumbersLength)
        {
            major = minor = 0;
            return false;
        }

        major = BinaryPrimitives.ReadUInt16LittleEndian(payload);
        minor = BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]);
        ReadOnlySpan<byte> text = payload[NumbersLength..];
        return text.IsEmpty || (text[^1] == 0 && TryReadCapabilities(text[..^1], ref capabilities));
    }

    /// <summary>Writes a client's request: version 0.0.</summary>
    /// <param name="payload">Where to.</param>
    /// <returns>Length of the payload.</returns>
    internal static int WriteRequest(Span<byte> payload) => Write(payload, ClientText);

    /// <summary>Writes a server's reply: version 0.0.</summary>
    /// <param name="payload">Where to.</param>
    /// <param name="requestLength">Length of the client's payload; the reply is not longer.</param>
    /// <returns>Length of the payload.</returns>
    internal static int WriteReply(Span<byte> payload, int requestLength) =>
        Write(payload, requestLength < NumbersLength + ServerText.Length ? [] : ServerText);

    private static int Write(Span<byte> payload, ReadOnlySpan<byte> text)
    {
        payload[..NumbersLength].Clear();
        text.CopyTo(payload[NumbersLength..]);
        return NumbersLength + text.Length;
    }

    private static bool TryReadCapabilities(ReadOnlySpan<byte> text, ref PeerCapabilities capabilities)
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
                else if (reader.CurrentDepth == 2 && inCapabilities && !TryReadCapability(ref reader, ref capabilities))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadCapability(ref Utf8JsonReader reader, ref PeerCapabilities capabilities)
    {
        if (reader.ValueTextEquals("max_msg_fds"u8))
        {
            bool good = TryReadNumber(ref reader, out ulong number);
            capabilities = capabilities with { MaxDescriptors = Clamp(number) };
            return good;
        }

        if (reader.ValueTextEquals("max_data_xfer_size"u8))
        {
            bool good = TryReadNumber(ref reader, out ulong number);
            capabilities = capabilities with { MaxTransfer = Clamp(number) };
            return good;
        }

        if (reader.ValueTextEquals("pgsizes"u8))
        {
            bool good = TryReadNumber(ref reader, out ulong number);
            capabilities = capabilities with { PageSizes = number };
            return good;
        }

        if (reader.ValueTextEquals("max_dma_maps"u8))
        {
            bool good = TryReadNumber(ref reader, out ulong number);
            capabilities = capabilities with { MaxMappings = Clamp(number) };
            return good;
        }

        return true;
    }

    private static int Clamp(ulong number) => (int)Math.Min(number, int.MaxValue);

    // All of them must be at least 1 to make sense.
    private static bool TryReadNumber(ref Utf8JsonReader reader, out ulong number)
    {
        number = 0;
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out number) && number != 0;
    }
}
