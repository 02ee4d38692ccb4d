using System;
using System.Diagnostics;
using Mhi.Interleavings.Scheduling;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>What every scenario asserts of its search.</summary>
internal static class Explore
{
    /// <summary>Runs every schedule within the bound; none may fail, and none may be left out.</summary>
    public static void All(ITestOutputHelper output, int preemptions, Action<Execution> scenario)
    {
        long began = Stopwatch.GetTimestamp();
        SearchResult result = Search.Exhaust(scenario, preemptions);
        output.WriteLine($"{result.Schedules} schedules with at most {preemptions} preemptions, {result.MostChoices} choices in the longest, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.True(result.Failure is null, result.Failure?.ToString());
        Assert.True(result.IsExhaustive, "The search gave up before its end.");
        Assert.True(result.Schedules > 1, "There was nothing to choose.");
    }
}
