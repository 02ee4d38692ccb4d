using System;
using System.Diagnostics;
using Mhi.Interleavings.Scheduling;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>What every scenario asserts of its search; a derived class repeats the scenarios with more preemptions.</summary>
public abstract class SearchTests
{
    private const int Seed = 20260101;

    private readonly ITestOutputHelper _output;
    private readonly int _more;

    private protected SearchTests(ITestOutputHelper output, int more)
    {
        _output = output;
        _more = more;
    }

    private protected void WriteLine(string line) => _output.WriteLine(line);

    /// <summary>
    /// Runs every schedule within the bound, and some at random without one. None may fail, and none within the bound be
    /// left out.
    /// </summary>
    private protected void Explore(int preemptions, Action<Execution> scenario)
    {
        long began = Stopwatch.GetTimestamp();
        int bound = preemptions == int.MaxValue ? preemptions : preemptions + _more;
        SearchResult result = Search.Exhaust(scenario, bound);
        string limit = bound == int.MaxValue ? "any number of" : $"at most {bound}";
        _output.WriteLine($"{result.Schedules} schedules with {limit} preemptions, {result.MostChoices} choices in the longest, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.True(result.Failure is null, result.Failure?.ToString());
        Assert.True(result.IsExhaustive, "The search gave up before its end.");
        Assert.True(result.Schedules > 1, "There was nothing to choose.");

        result = Search.Walk(scenario, Seed, _more == 0 ? 200 : 10_000);
        Assert.True(result.Failure is null, result.Failure?.ToString());
    }
}
