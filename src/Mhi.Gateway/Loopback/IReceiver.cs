namespace Mhi.Gateway.Loopback;

/// <summary>The receiving half of a run, whatever the channel. Members without a word on threads are for the supervisor.</summary>
internal interface IReceiver
{
    /// <summary>Whether the thread waits for the start.</summary>
    bool IsReady { get; }

    /// <summary>Packets that have come back.</summary>
    long Packets { get; }

    /// <summary>Bytes received so far.</summary>
    long Bytes { get; }

    /// <summary>Bytes that were received, hashed and written.</summary>
    long SettledBytes { get; }

    /// <summary>When the first packet came back; 0 before.</summary>
    long FirstEchoAt { get; }

    /// <summary>When the last packet came back; 0 before.</summary>
    long LastEchoAt { get; }

    /// <summary>Time from write to echo of every packet.</summary>
    LatencyHistogram Latency { get; }

    /// <summary>The receiver's thread: takes the echo until the channel is closed.</summary>
    void Run();
}
