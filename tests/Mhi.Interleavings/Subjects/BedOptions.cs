using System;
using Mhi.Channels;

namespace Mhi.Interleavings.Subjects;

/// <summary>The channel under search. Transfers are short, so that messages of several descriptors are too.</summary>
internal sealed record BedOptions
{
    /// <summary>Bytes of one descriptor.</summary>
    public const int Mtu = 4;

    /// <summary>Elements of each transfer ring; one less is usable.</summary>
    public int Elements { get; init; } = 4;

    /// <summary>Buffers per direction; 0 takes what the ring can use.</summary>
    public int PoolDepth { get; init; }

    public WritePolicy WritePolicy { get; init; } = WritePolicy.WholeMessage;

    /// <summary>Whether nothing is published before <see cref="Bed.Attach"/>.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>How many START commands the device refuses before it takes one.</summary>
    public int RefusedStarts { get; init; }

    /// <summary>How long the last close waits for queued data.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>How long a command may take; null for ever. Time passes at any place, so any command may then be too late.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>Whether the device keeps what it gets uncompleted until told otherwise.</summary>
    public bool Holds { get; init; }
}
