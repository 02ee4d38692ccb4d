using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>Reads the information buffer of a command. Nothing in it is believed: what lies outside is not there.</summary>
/// <param name="info">The buffer.</param>
internal readonly ref struct MbimInfoReader(ReadOnlySpan<byte> info)
{
    private readonly ReadOnlySpan<byte> _info = info;

    /// <summary>Reads a number.</summary>
    /// <param name="offset">Where it is.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether the buffer reaches so far.</returns>
    public bool TryNumber(int offset, out uint value)
    {
        value = 0;
        return offset <= _info.Length && BinaryPrimitives.TryReadUInt32LittleEndian(_info[offset..], out value);
    }

    /// <summary>Reads a text through its offset and size.</summary>
    /// <param name="offset">Where the pair is.</param>
    /// <param name="text">The text, in UTF-16.</param>
    /// <returns>Whether pair and text lie in the buffer, and the size is even.</returns>
    public bool TryText(int offset, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryNumber(offset, out uint start)
            || !TryNumber(offset + 4, out uint size)
            || size % 2 != 0
            || (ulong)start + size > (ulong)_info.Length)
        {
            return false;
        }

        text = _info.Slice((int)start, (int)size);
        return true;
    }

    /// <summary>Reads bytes of a fixed number.</summary>
    /// <param name="offset">Where they are.</param>
    /// <param name="bytes">Where they go.</param>
    /// <returns>Whether the buffer reaches so far.</returns>
    public bool TryBytes(int offset, Span<byte> bytes) => offset <= _info.Length - bytes.Length && _info.Slice(offset, bytes.Length).TryCopyTo(bytes);
}
