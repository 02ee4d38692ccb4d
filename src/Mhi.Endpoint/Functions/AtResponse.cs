using System;
using System.Buffers;
using System.Buffers.Text;

namespace Mhi.Endpoint.Functions;

/// <summary>Collects what goes back to the host, in one fixed buffer.</summary>
/// <remarks>
/// Whoever writes asks <see cref="HasRoom"/> before each character and each command; neither writes more than
/// <see cref="LongestStep"/> bytes, which a test over all commands keeps true.
/// </remarks>
internal sealed class AtResponse
{
    internal const int LongestStep = 512;
    internal const int Capacity = 2048;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    /// <summary>Whether another step may write.</summary>
    public bool HasRoom => _length <= Capacity - LongestStep;

    /// <summary>Whether the final result is in: what is here goes out as one packet.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Complete() => IsComplete = true;

    public void Clear()
    {
        _length = 0;
        IsComplete = false;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Append(byte value) => _bytes[_length++] = value;

    public void AppendNumber(uint value) => AppendNumber(value, default);

    public void AppendHexadecimal(uint value, byte digits) => AppendNumber(value, new StandardFormat('X', digits));

    private void AppendNumber(uint value, StandardFormat format)
    {
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out int written, format);
        _length += written;
    }
}
