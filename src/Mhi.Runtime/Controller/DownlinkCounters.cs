using System.Threading;

namespace Mhi.Controller;

/// <summary>What arrived on a downlink channel. Written by the poll thread, readable from any.</summary>
/// <remarks>
/// Plain stores: the hand-over of a buffer, which follows, is a release, so a client that has the buffer sees it counted.
/// </remarks>
public sealed class DownlinkCounters
{
    private ulong _buffers;
    private ulong _bytes;
    private ulong _empty;
    private ulong _overflowed;
    private ulong _truncated;
    private ulong _failed;

    /// <summary>Buffers that the device completed, of any kind.</summary>
    public ulong Buffers => Volatile.Read(ref _buffers);

    /// <summary>Bytes in them.</summary>
    public ulong Bytes => Volatile.Read(ref _bytes);

    /// <summary>Buffers that came back empty.</summary>
    public ulong Empty => Volatile.Read(ref _empty);

    /// <summary>Pieces of packets longer than one buffer, all but the last of each.</summary>
    public ulong Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>Buffers for which the device claimed more bytes than they hold; the excess is not believed.</summary>
    public ulong Truncated => Volatile.Read(ref _truncated);

    /// <summary>Buffers that the device reported as failed; posted again.</summary>
    public ulong Failed => Volatile.Read(ref _failed);

    internal void CountPlain(uint lengthBytes)
    {
        _buffers++;
        _bytes += lengthBytes;
    }

    internal void Count(ushort lengthBytes, bool continues, bool failed, bool truncated)
    {
        CountPlain(lengthBytes);
        _empty += lengthBytes == 0 ? 1u : 0u;
        _overflowed += continues ? 1u : 0u;
        _failed += failed ? 1u : 0u;
        _truncated += truncated ? 1u : 0u;
    }
}
