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
    private const long WalksOfEach = 200;
    private const long WalksOfMore = 1_000;
    private const long MostSchedules = 1_000_000;
    private const long MostSchedulesOfMore = 1_000;

    // One record for all of the product's searches: an order that one scenario shows binds every other.
    private static readonly LockOrder s_locks = new();

    private readonly ITestOutputHelper _output;
    private readonly int _more;

    private protected SearchTests(ITestOutputHelper output, int more)
    {
        _output = output;
        _more = more;
    }

    /// <summary>Which lock was taken under which, so far.</summary>
    private protected static LockOrder Locks => s_locks;

    private protected void WriteLine(string line) => _output.WriteLine(line);

    /// <summary>
    /// Runs every schedule within the bound, and some at random without one. None may fail, and none within the bound be
    /// left out; only with more preemptions than a minute has room for does a search end at a number of schedules.
    /// </summary>
    /// <param name="preemptions">The bound.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="isCoarse">Whether it is too large to switch inside of steps in every schedule.</param>
    private protected void Explore(int preemptions, Action<Execution> scenario, bool isCoarse = false)
    {
        // Without a preemption there is nothing to choose inside of a step; with one, the fine search contains the coarse one.
        bool isFine = preemptions != 0 && _more == 0 && !isCoarse;
        if (preemptions != 1 || !isFine)
        {
            Exhaust(scenario, preemptions, isFine: false);
        }

        if (isFine)
        {
            Exhaust(scenario, Math.Clamp(preemptions - 1, 1, 2), isFine: true);
        }

        SearchResult result = Search.Walk(scenario, Seed, _more == 0 ? WalksOfEach : WalksOfMore, s_locks);
        Assert.True(result.Failure is null, result.Failure?.ToString());
    }

    private void Exhaust(Action<Execution> scenario, int preemptions, bool isFine)
    {
        long began = Stopwatch.GetTimestamp();
        int bound = preemptions == int.MaxValue ? preemptions : preemptions + _more;
        SearchResult result = Search.Exhaust(scenario, bound, _more == 0 ? MostSchedules : MostSchedulesOfMore, isFine, s_locks);
        string all = result.IsExhaustive ? "all" : "the first";
        string kind = isFine ? "fine" : "coarse";
        string limit = bound == int.MaxValue ? "any number of" : $"at most {bound}";
        _output.WriteLine($"{all} {result.Schedules} {kind} schedules with {limit} preemptions, {result.MostChoices} choices in the longest, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.True(result.Failure is null, result.Failure?.ToString());
        Assert.True(result.IsExhaustive || _more != 0, "The search gave up before its end.");
        Assert.True(result.Schedules > 1, "There was nothing to choose.");
    }
}
