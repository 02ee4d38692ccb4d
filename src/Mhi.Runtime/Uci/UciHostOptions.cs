using System;
using Mhi.Channels;

namespace Mhi.Uci;

/// <summary>Choices of a host.</summary>
public sealed record UciHostOptions
{
    /// <summary>The channels to publish.</summary>
    public UciTable Table { get; init; } = UciTable.Default;

    /// <summary>How long a last close waits for queued uplink data: one second unless said otherwise, zero not at all.</summary>
    public TimeSpan Linger { get; init; } = MhiChannel.DefaultLinger;

    /// <summary>Who is told of nodes, such as a server of device nodes; null for nobody.</summary>
    public IUciHostObserver? Observer { get; init; }

    internal void Validate() => ArgumentOutOfRangeException.ThrowIfLessThan(Linger, TimeSpan.Zero, nameof(Linger));
}
