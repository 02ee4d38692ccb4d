using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>
/// Writes an information buffer: a fixed part, which names by offset and size what stands in the data part behind it, each
/// piece of that at a multiple of four.
/// </summary>
internal sealed class MbimInfoWriter
{
    // The longest answer is DEVICE_CAPS with three texts of 64 characters.
    private const int Capacity = 1024;
    private const int Alignment = 4;

    private readonly byte[] _info = new byte[Capacity];
    private int _fixed;
    private int _end;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _info.AsSpan(0, _end);

    /// <summary>Starts a buffer.</summary>
    /// <param name="fixedLength">Length of its fixed part, zero at first.</param>
    public void Begin(int fixedLength)
    {
        _info.AsSpan(0, fixedLength).Clear();
        _fixed = 0;
        _end = fixedLength;
    }

    /// <summary>Adds a number to the fixed part.</summary>
    /// <param name="value">The number.</param>
    public void Number(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_info.AsSpan(_fixed), value);
        _fixed += sizeof(uint);
    }

    /// <summary>Adds a long number to the fixed part.</summary>
    /// <param name="value">The number.</param>
    public void LongNumber(ulong value)
    {
        Number((uint)value);
        Number((uint)(value >> 32));
    }

    /// <summary>Adds bytes to the fixed part.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_info.AsSpan(_fixed));
        _fixed += bytes.Length;
    }

    /// <summary>Adds offset and size of a text to the fixed part, and the text to the data. An empty one is 0 and 0.</summary>
    /// <param name="text">The text.</param>
    public void Text(ReadOnlySpan<char> text)
    {
        Number(text.IsEmpty ? 0 : (uint)_end);
        Number((uint)text.Length * sizeof(char));
        Span<byte> data = Extend(text.Length * sizeof(char));
        for (int i = 0; i < text.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data[(i * sizeof(char))..], text[i]);
        }
    }

    /// <summary>Adds the offset of a piece of data to the fixed part, without its size.</summary>
    /// <param name="length">Bytes of the piece.</param>
    /// <returns>The piece, to be filled.</returns>
    public Span<byte> Offset(int length)
    {
        Number((uint)_end);
        return Extend(length);
    }

    /// <summary>Adds offset and size of a piece of data to the fixed part.</summary>
    /// <param name="length">Bytes of the piece.</param>
    /// <returns>The piece, to be filled.</returns>
    public Span<byte> Reference(int length)
    {
        Number((uint)_end);
        Number((uint)length);
        return Extend(length);
    }

    private Span<byte> Extend(int length)
    {
        Span<byte> piece = _info.AsSpan(_end, (length + Alignment - 1) & -Alignment);
        piece.Clear();
        _end += piece.Length;
        return piece[..length];
    }
}
