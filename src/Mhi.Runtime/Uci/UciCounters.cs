namespace Mhi.Uci;

/// <summary>
/// What a node has counted since it was published. A snapshot: the numbers agree with each other only while nothing
/// moves.
/// </summary>
public readonly record struct UciCounters
{
    /// <summary>Receive buffers that the device may fill now.</summary>
    public long PostedBuffers { get; init; }

    /// <summary>Received buffers that nobody has begun to read.</summary>
    public long PendingBuffers { get; init; }

    /// <summary>Received buffers that are partly read: 0 or 1.</summary>
    public long CurrentBuffers { get; init; }

    /// <summary>Receive buffers that were read and are about to be posted again.</summary>
    public long DeferredBuffers { get; init; }

    /// <summary>Buffers that the device completed on the downlink.</summary>
    public long ReceivedBuffers { get; init; }

    /// <summary>Bytes in them.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Buffers that came back empty.</summary>
    public long EmptyBuffers { get; init; }

    /// <summary>Pieces of messages longer than a buffer, all but the last of each.</summary>
    public long OverflowedBuffers { get; init; }

    /// <summary>Buffers for which the device claimed more bytes than they hold.</summary>
    public long TruncatedBuffers { get; init; }

    /// <summary>Receive buffers that the device reported as failed; posted again.</summary>
    public long FailedReceives { get; init; }

    /// <summary>Received buffers that were unread at a last close.</summary>
    public long DiscardedBuffers { get; init; }

    /// <summary>
    /// Transfer events that named nothing outstanding: of any channel of the controller, because such an event may name a
    /// channel that is closed.
    /// </summary>
    public long IgnoredCompletions { get; init; }

    /// <summary>Uplink buffers accepted.</summary>
    public long QueuedBuffers { get; init; }

    /// <summary>Uplink bytes accepted.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>Uplink buffers that the device completed well.</summary>
    public long CompletedBuffers { get; init; }

    /// <summary>Uplink bytes that the device completed well.</summary>
    public long CompletedBytes { get; init; }

    /// <summary>Uplink buffers that the device reported as failed.</summary>
    public long FailedBuffers { get; init; }

    /// <summary>Uplink bytes that the device reported as failed.</summary>
    public long FailedBytes { get; init; }

    /// <summary>Uplink buffers that were queued when the channel ended and did not get out.</summary>
    public long DroppedBuffers { get; init; }

    /// <summary>Uplink bytes that were queued when the channel ended and did not get out.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>Uplink buffers queued and not yet completed.</summary>
    public long OutstandingBuffers { get; init; }

    /// <summary>Uplink bytes queued and not yet completed.</summary>
    public long OutstandingBytes { get; init; }

    /// <summary>Handles open now.</summary>
    public int OpenHandles { get; init; }

    /// <summary>Operations waiting now, of any kind.</summary>
    public int Waiters { get; init; }
}
