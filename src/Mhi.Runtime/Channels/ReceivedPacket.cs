using System;
using Mhi.Controller;
using Mhi.Rings;

namespace Mhi.Channels;

/// <summary>
/// A received packet in the memory the device wrote it to: a lease. Dispose it once the bytes have been used; the device
/// gets the buffer back then. Up to a channel's pool of packets may be held at a time, and given back in any order.
/// </summary>
/// <remarks>
/// The device must not be trusted to leave the bytes alone: copy what is checked before it is used. Used and disposed by
/// the channel's reader thread.
/// </remarks>
public readonly ref struct ReceivedPacket
{
    private readonly DownlinkPort? _port;
    private readonly uint _buffer;
    private readonly uint _generation;
    private readonly ushort _mark;

    internal ReceivedPacket(DownlinkPort port, uint buffer, uint generation, ReadOnlySpan<byte> bytes, ushort mark)
    {
        _port = port;
        _buffer = buffer;
        _generation = generation;
        _mark = mark;
        Bytes = bytes;
    }

    /// <summary>The bytes; not to be touched after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Whether the message ends here; otherwise the next packet continues it.</summary>
    public bool IsEndOfMessage => (_mark & TransferToken.Flags.Continues) == 0;

    /// <summary>Whether the message lost bytes before it reached the host. Said on its last piece.</summary>
    public bool IsTruncated => (_mark & TransferToken.Flags.Truncated) != 0;

    /// <summary>Gives the buffer back.</summary>
    /// <exception cref="InvalidOperationException">The packet was given back before, through this value or a copy of it.</exception>
    public void Dispose() => _port?.Return(_buffer, _generation);
}
