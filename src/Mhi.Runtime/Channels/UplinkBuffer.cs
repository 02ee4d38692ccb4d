using System;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>
/// A buffer in DMA memory, rented to be filled in place: a lease. <see cref="Commit"/> sends it; disposing it without
/// committing gives it back unsent.
/// </summary>
/// <remarks>Used by the channel's writer thread.</remarks>
public readonly ref struct UplinkBuffer
{
    private readonly UplinkPort? _port;
    private readonly uint _buffer;
    private readonly uint _generation;

    internal UplinkBuffer(UplinkPort port, uint buffer, uint generation, Span<byte> bytes)
    {
        _port = port;
        _buffer = buffer;
        _generation = generation;
        Bytes = bytes;
    }

    /// <summary>
    /// Where the packet is written, as long as the channel's MTU. It still holds what was last sent in it. Not to be
    /// touched after <see cref="Commit"/> or <see cref="Dispose"/>.
    /// </summary>
    public Span<byte> Bytes { get; }

    /// <summary>Sends the first bytes as one packet.</summary>
    /// <param name="lengthBytes">How many, from 1 to the length of <see cref="Bytes"/>.</param>
    /// <returns>Done, or Down when the channel went down while the buffer was being filled.</returns>
    /// <exception cref="InvalidOperationException">Committed or disposed before, through this value or a copy of it.</exception>
    public ChannelStatus Commit(int lengthBytes)
    {
        if (lengthBytes < 1 || lengthBytes > Bytes.Length)
        {
            ThrowLength(lengthBytes, Bytes.Length);
        }

        return _port!.Commit(_buffer, _generation, lengthBytes);
    }

    /// <summary>Gives the buffer back unsent, unless it was committed.</summary>
    public void Dispose()
    {
        if (_port is not null && _port.IsCurrent(_buffer, _generation))
        {
            _port.Abandon(_buffer, _generation);
        }
    }

    private static void ThrowLength(int lengthBytes, int limit) =>
        throw new ArgumentOutOfRangeException(
            nameof(lengthBytes), lengthBytes, $"A packet has 1 to {limit} bytes in this buffer. Dispose the buffer to send nothing.");
}
