using System;
using System.Numerics;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>
/// Where the rings and buffers of a channel lie in its one region of DMA memory: rings first, the longer one in front,
/// each at a multiple of its own length; then the two slabs.
/// </summary>
internal sealed record ChannelLayout(
    long Length,
    long Alignment,
    long UplinkRing,
    long DownlinkRing,
    long UplinkSlab,
    long DownlinkSlab,
    int UplinkBuffers,
    int DownlinkBuffers,
    int Stride)
{
    // Two buffers never share a cache line.
    private const int StrideUnit = 64;

    internal static ChannelLayout For(ChannelOptions options, ChannelProfile? uplink, ChannelProfile? downlink)
    {
        long uplinkRing = RingBytes(uplink);
        long downlinkRing = RingBytes(downlink);
        long longer = Math.Max(uplinkRing, downlinkRing);
        long slabs = Align(uplinkRing + downlinkRing, StrideUnit);
        int stride = (int)Align(options.Mtu, StrideUnit);
        int uplinkBuffers = BufferCount(options, uplink);
        int downlinkBuffers = BufferCount(options, downlink);
        long downlinkSlab = slabs + SlabBytes(uplinkBuffers, stride);
        return new ChannelLayout(
            downlinkSlab + SlabBytes(downlinkBuffers, stride),
            longer,
            uplinkRing >= downlinkRing ? 0 : downlinkRing,
            uplinkRing >= downlinkRing ? uplinkRing : 0,
            slabs,
            downlinkSlab,
            uplinkBuffers,
            downlinkBuffers,
            stride);
    }

    private static long RingBytes(ChannelProfile? profile) => profile is null ? 0 : (long)profile.Elements * RingElement.Length;

    private static int BufferCount(ChannelOptions options, ChannelProfile? profile) =>
        profile is null ? 0 : options.PoolDepth == 0 ? profile.Elements - 1 : options.PoolDepth;

    // A slab's index is proved by a mask, so it has a power of two of buffers.
    private static long SlabBytes(int buffers, int stride) =>
        buffers == 0 ? 0 : (long)BitOperations.RoundUpToPowerOf2((uint)buffers) * stride;

    private static long Align(long value, long unit) => (value + unit - 1) / unit * unit;
}
