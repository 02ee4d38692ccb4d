using System;

namespace Mhi.Gateway.Doctor;

/// <summary>How long the test of a channel may take.</summary>
internal sealed record ProbeTimes
{
    /// <summary>How long to wait for one answer.</summary>
    internal TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long packets are echoed without an interrupt; enough for a few looks of a host that gets none.</summary>
    internal TimeSpan Echo { get; init; } = TimeSpan.FromSeconds(5);
}
