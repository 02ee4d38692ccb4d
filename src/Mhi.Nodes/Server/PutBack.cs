using System;

namespace Mhi.Nodes.Server;

/// <summary>
/// Reads whose reader turned out to be gone when the reply was sent; the next reader gets them first, each as it was. Under
/// the node's lock.
/// </summary>
internal sealed class PutBack
{
    private Piece? _first;

    /// <summary>How many bytes there are.</summary>
    internal int Length { get; private set; }

    /// <summary>Takes what fits of the first piece.</summary>
    /// <param name="destination">Where to.</param>
    /// <returns>Number of bytes; 0 when there are none.</returns>
    internal int Take(Span<byte> destination)
    {
        if (_first is not { } piece)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = piece.Bytes.AsSpan(piece.Taken);
        int count = Math.Min(destination.Length, rest.Length);
        rest[..count].CopyTo(destination);
        piece.Taken += count;
        Length -= count;
        if (piece.Taken == piece.Bytes.Length)
        {
            _first = piece.Next;
        }

        return count;
    }

    /// <summary>Puts a piece in front.</summary>
    /// <param name="bytes">The bytes; not empty.</param>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        _first = new Piece(bytes.ToArray(), _first);
        Length += bytes.Length;
    }

    /// <summary>Drops everything.</summary>
    internal void Clear()
    {
        _first = null;
        Length = 0;
    }

    private sealed class Piece(byte[] bytes, Piece? next)
    {
        internal byte[] Bytes { get; } = bytes;

        internal Piece? Next { get; } = next;

        internal int Taken { get; set; }
    }
}
