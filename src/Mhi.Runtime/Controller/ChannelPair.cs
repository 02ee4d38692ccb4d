using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Pci;

namespace Mhi.Controller;

/// <summary>An open channel, one or both directions of a name, and where it is in its life.</summary>
/// <remarks>Owned by the poll thread; a client reads the ports and <see cref="Failure"/>.</remarks>
internal sealed class ChannelPair
{
    private MhiFailure? _failure;

    internal ChannelPair(
        MhiController controller,
        ChannelOpening opening,
        DmaRegion region,
        UplinkPort? uplink,
        DownlinkPort? downlink)
    {
        Controller = controller;
        Opening = opening;
        Region = region;
        Uplink = uplink;
        Downlink = downlink;
    }

    internal MhiController Controller { get; }

    /// <summary>The request that the channel came from.</summary>
    internal ChannelOpening Opening { get; }

    internal ChannelOptions Options => Opening.Options;

    /// <summary>Rings and buffers of the channel.</summary>
    internal DmaRegion Region { get; }

    internal UplinkPort? Uplink { get; }

    internal DownlinkPort? Downlink { get; }

    /// <summary>Where the channel is in its life. Poll thread.</summary>
    internal ChannelPhase Phase { get; set; } = ChannelPhase.Opening;

    /// <summary>The directions the device was told to START, and so those it has to be told to RESET. Poll thread.</summary>
    internal ChannelDirections StartedDirections { get; set; }

    /// <summary>When a close stops waiting for queued data; meaningful while the channel is draining. Poll thread.</summary>
    internal long DrainDeadline { get; set; }

    /// <summary>How many submitted buffers a close waits for; meaningful while the channel is draining. Poll thread.</summary>
    internal ulong DrainTarget { get; set; }

    /// <summary>Whether the client has closed the channel; it goes away once it is reset. Poll thread.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>
    /// Whether the device may still write to the channel's memory although it was told to stop: a RESET it did not
    /// answer. Such memory is kept until the device is no bus master any more. Poll thread.
    /// </summary>
    internal bool IsOwnedByDevice { get; set; }

    /// <summary>The pause or resumption under way, or null. Poll thread.</summary>
    internal TaskCompletionSource? RunChange { get; set; }

    /// <summary>Completes when the channel is closed and its memory settled.</summary>
    internal TaskCompletionSource Closed => Opening.Closed;

    /// <summary>Why the channel went down, or null while it is up.</summary>
    internal MhiFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>Poll thread: takes the channel down; the first reason stands.</summary>
    /// <param name="failure">Why.</param>
    internal void TakeDown(MhiFailure failure)
    {
        if (_failure is null)
        {
            // Stored before the gates close, so that a client that finds a gate closed finds the reason too.
            Volatile.Write(ref _failure, failure);
        }

        Uplink?.Close();
        Downlink?.Close();
        _ = Opening.Opened.TrySetException(_failure.ToException());
        _ = RunChange?.TrySetException(_failure.ToException());
        RunChange = null;
    }

    /// <summary>Poll thread: keeps clients out of the slabs for good.</summary>
    internal void Release()
    {
        Uplink?.Release();
        Downlink?.Release();
    }

    /// <summary>Poll thread, after <see cref="Release"/>: whether nobody can touch the memory any more.</summary>
    /// <returns>False while a client is inside an operation or holds a lease, or the device owns the memory.</returns>
    internal bool IsMemoryFree() =>
        !IsOwnedByDevice && Uplink is not { IsInUse: true } && Downlink is not { IsInUse: true };
}
