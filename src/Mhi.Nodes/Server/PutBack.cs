using System;
using System.Collections.Generic;

namespace Mhi.Nodes.Server;

/// <summary>
/// Reads whose reader turned out to be gone when the reply was sent; the next reader gets them first, each as it was. Under
/// the node's lock.
/// </summary>
internal sealed class PutBack
{
    private readonly Stack<ArraySegment<byte>> _pieces = new();

    /// <summary>How many bytes there are.</summary>
    internal int Length { get; private set; }

    /// <summary>Takes what fits of the first piece.</summary>
    /// <param name="destination">Where to.</param>
    /// <returns>Number of bytes; 0 when there are none.</returns>
    internal int Take(Span<byte> destination)
    {
        if (!_pieces.TryPop(out ArraySegment<byte> piece))
        {
            return 0;
        }

        int count = Math.Min(destination.Length, piece.Count);
        piece.AsSpan(0, count).CopyTo(destination);
        if (count < piece.Count)
        {
            _pieces.Push(piece[count..]);
        }

        Length -= count;
        return count;
    }

    /// <summary>Puts a piece in front.</summary>
    /// <param name="bytes">The bytes; not empty.</param>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        _pieces.Push(bytes.ToArray());
        Length += bytes.Length;
    }

    /// <summary>Drops everything.</summary>
    internal void Clear()
    {
        _pieces.Clear();
        Length = 0;
    }
}
