using Mhi.Interleavings.Scheduling;

namespace Mhi.Channels;

/// <summary>The execution's time: it passes when the scheduler says so.</summary>
internal static class Clock
{
    internal static long Timestamp => Execution.Current?.Now ?? 0;
}
