using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Mhi.Endpoint.Dma;

namespace Mhi.Endpoint.Boot;

/// <summary>The boot loader's download of one image: read piece by piece, hashed, and compared if a hash is expected.</summary>
/// <remarks>The image is not kept. Address and size are the host's and mean nothing until every byte was read.</remarks>
internal sealed class ImageDownload
{
    /// <summary>The most a boot loader takes; images of known devices have less than a quarter of it.</summary>
    internal const uint MaxBytes = 128 << 20;

    private const int PieceBytes = 64 << 10;

    private readonly DmaTranslation _memory;
    private readonly ImmutableArray<byte> _expected;
    private readonly Sha256 _hash = new();
    private readonly byte[] _digest = new byte[Sha256.Length];
    private byte[] _piece = [];
    private int _hint;

    internal ImageDownload(DmaTranslation memory, ImmutableArray<byte> expected)
    {
        _memory = memory;
        _expected = expected.IsDefault ? [] : expected;
    }

    /// <summary>Bus address of the image.</summary>
    internal ulong Address { get; private set; }

    /// <summary>Its size in bytes.</summary>
    internal uint Size { get; private set; }

    /// <summary>Sequence number of the doorbell.</summary>
    internal uint Sequence { get; private set; }

    /// <summary>Bytes read so far.</summary>
    internal uint Offset { get; private set; }

    /// <summary>What went wrong.</summary>
    internal BootFault Fault { get; private set; }

    /// <summary>SHA-256 of the image, once it was read whole.</summary>
    internal ReadOnlySpan<byte> Digest => _digest;

    /// <summary>What ERRDBG1 says about the fault.</summary>
    internal uint Detail => Fault switch
    {
        BootFault.SizeRefused => Size,
        BootFault.Unreachable => Offset,
        BootFault.WrongImage => BinaryPrimitives.ReadUInt32BigEndian(_digest),
        _ => 0,
    };

    /// <summary>Begins, whatever was under way before.</summary>
    /// <param name="address">Bus address of the image; any number.</param>
    /// <param name="size">Its size; any number.</param>
    /// <param name="sequence">Sequence number of the doorbell.</param>
    internal void Begin(ulong address, uint size, uint sequence)
    {
        Address = address;
        Size = size;
        Sequence = sequence;
        Offset = 0;
        Fault = size is 0 or > MaxBytes || address > ulong.MaxValue - size ? BootFault.SizeRefused : BootFault.None;
        _hash.Reset();
        _hint = 0;
    }

    /// <summary>Reads the next piece.</summary>
    /// <returns>Whether the download is over, well or with a <see cref="Fault"/>.</returns>
    internal bool Continue()
    {
        if (Fault != BootFault.None)
        {
            return true;
        }

        if (_piece.Length == 0)
        {
            _piece = GC.AllocateUninitializedArray<byte>(PieceBytes);
        }

        Span<byte> piece = _piece.AsSpan(0, (int)Math.Min(Size - Offset, PieceBytes));
        if (!_memory.TryRead(Address + Offset, piece, ref _hint))
        {
            Fault = BootFault.Unreachable;
            return true;
        }

        _hash.Append(piece);
        Offset += (uint)piece.Length;
        if (Offset != Size)
        {
            return false;
        }

        _hash.Finish(_digest);
        if (!_expected.IsEmpty && !_expected.AsSpan().SequenceEqual(_digest))
        {
            Fault = BootFault.WrongImage;
        }

        return true;
    }

    /// <summary>Lets go of the memory that only a download needs.</summary>
    internal void End() => _piece = [];
}
