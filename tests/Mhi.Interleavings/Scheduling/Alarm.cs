using System;

namespace Mhi.Interleavings.Scheduling;

/// <summary>Something that happens at a time of an execution.</summary>
/// <param name="ring">What happens; null when only the time is waited for.</param>
internal sealed class Alarm(Action? ring)
{
    /// <summary>When, in units of the execution's time.</summary>
    internal long Due { get; set; }

    /// <summary>How long after that again; zero for once.</summary>
    internal long Period { get; set; }

    internal void Ring() => ring?.Invoke();
}
