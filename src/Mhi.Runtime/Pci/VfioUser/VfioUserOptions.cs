using System;

namespace Mhi.Pci.VfioUser;

/// <summary>The integrator's choices for a device in another process.</summary>
public sealed record VfioUserOptions
{
    private const int MostVectors = 2048;

    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromHours(1);

    /// <summary>Name of the controller, as in node names; null makes one of the name of the socket.</summary>
    public string? Name { get; init; }

    /// <summary>How long the server may take to answer a message before it counts as gone.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most interrupt vectors to use; with fewer than the profile has event rings and one, a single one serves all.</summary>
    public int MaxVectors { get; init; } = MostVectors;

    /// <summary>Whether registers that the server offers to map are mapped; otherwise each access is a message.</summary>
    public bool MapRegisters { get; init; } = true;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One that cannot be; the message says which.</exception>
    internal void Validate()
    {
        if (Name is { Length: 0 })
        {
            throw new ArgumentOutOfRangeException(nameof(Name), "The name of a controller has at least one character.");
        }

        if (ReplyTimeout < TimeSpan.FromMilliseconds(1) || ReplyTimeout > s_longestTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(ReplyTimeout), ReplyTimeout, "The time for a reply is from a millisecond to an hour.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxVectors, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxVectors, MostVectors);
    }
}
