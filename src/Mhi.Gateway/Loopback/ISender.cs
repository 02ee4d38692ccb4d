namespace Mhi.Gateway.Loopback;

/// <summary>The sending half of a run, whatever the channel. Members without a word on threads are for the supervisor.</summary>
internal interface ISender
{
    /// <summary>Whether the thread waits for the start.</summary>
    bool IsReady { get; }

    /// <summary>Packets whose write has begun.</summary>
    long BegunPackets { get; }

    /// <summary>Packets sent so far.</summary>
    long Packets { get; }

    /// <summary>Bytes sent so far.</summary>
    long Bytes { get; }

    /// <summary>When the first packet was sent; 0 before.</summary>
    long StartedAt { get; }

    /// <summary>The sender's thread: sends until its source or a limit ends it.</summary>
    void Run();

    /// <summary>Takes the sender's place if it is reading its source, which may never return.</summary>
    /// <returns>False when the sender is working and will see by itself that the run ends.</returns>
    bool TryAbandon();
}
