namespace Mhi.Interleavings.Scheduling;

/// <summary>What went wrong, and the schedule that leads there again.</summary>
/// <param name="Reason">What went wrong.</param>
/// <param name="Schedule">The choices, for <see cref="Search.Replay"/>.</param>
/// <param name="Trace">Who went where, in order; only from a replay.</param>
internal sealed record ScheduleFailure(string Reason, string Schedule, string Trace)
{
    public override string ToString() => $"{Reason}\nReplay(\"{Schedule}\")\n{Trace}";
}
