namespace Mhi.Controller;

/// <summary>Why a controller or a channel stopped working.</summary>
/// <param name="Code">What went wrong.</param>
/// <param name="Message">What was seen, what it means, what to do.</param>
/// <param name="Channel">Name of the channel concerned, or null for the whole controller.</param>
public sealed record MhiFailure(MhiErrorCode Code, string Message, string? Channel = null)
{
    /// <summary>What the device's registers said, where they were looked at.</summary>
    public DeviceSnapshot? Seen { get; init; }

    /// <summary>Makes the exception that reports the failure to a caller.</summary>
    /// <returns>A new exception.</returns>
    public MhiException ToException() => new(Code, Message, Channel) { Seen = Seen };
}
