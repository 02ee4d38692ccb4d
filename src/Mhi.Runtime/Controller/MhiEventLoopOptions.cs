using System;

namespace Mhi.Controller;

/// <summary>Choices for the thread that drives a controller.</summary>
public sealed record MhiEventLoopOptions
{
    /// <summary>
    /// Polls in a row that find nothing before the thread waits for an interrupt; default 100. More saves the latency of
    /// waking up and costs processor time; <see cref="int.MaxValue"/> never waits.
    /// </summary>
    public int IdlePolls { get; init; } = 100;

    /// <summary>Name of the thread; default <c>mhi</c> and the controller's name.</summary>
    public string? ThreadName { get; init; }

    internal void Validate() => ArgumentOutOfRangeException.ThrowIfNegative(IdlePolls);
}
