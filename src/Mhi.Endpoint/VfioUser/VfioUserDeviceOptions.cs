using System;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Logging;

namespace Mhi.Endpoint.VfioUser;

/// <summary>Choices for a <see cref="VfioUserDevice"/>.</summary>
public sealed record VfioUserDeviceOptions
{
    /// <summary>Functions by channel name, in place of the usual ones; none by default.</summary>
    public IReadOnlyDictionary<string, ChannelFunction>? Functions { get; init; }

    /// <summary>Whether the MSI capability has mask bits for every vector. On by default.</summary>
    public bool PerVectorMask { get; init; } = true;

    /// <summary>Where to write down what happens; nowhere by default. Disposed by the caller, after the device.</summary>
    public ProtocolLog? Log { get; init; }

    /// <summary>How the device starts and when it rests; in mission mode, and never, by default.</summary>
    public EndpointOptions Endpoint { get; init; } = new();

    /// <summary>The device's clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
