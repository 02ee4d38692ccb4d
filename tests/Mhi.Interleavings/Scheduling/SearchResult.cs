namespace Mhi.Interleavings.Scheduling;

/// <summary>What a search has seen.</summary>
/// <param name="Schedules">Executions, each with a schedule of its own.</param>
/// <param name="IsExhaustive">Whether these were all schedules within the bound.</param>
/// <param name="MostChoices">Choices of the longest execution.</param>
/// <param name="Failure">The first failure; the search ends with it.</param>
internal sealed record SearchResult(long Schedules, bool IsExhaustive, int MostChoices, ScheduleFailure? Failure);
