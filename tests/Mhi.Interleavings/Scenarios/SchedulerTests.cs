using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Mhi.Controller;
using Mhi.Interleavings.Scheduling;
using Xunit;

namespace Mhi.Interleavings.Scenarios;

/// <summary>The search itself: it counts right, sees what it should, and repeats itself.</summary>
public class SchedulerTests
{
    // Two threads of n steps each can be interleaved in (2n)! / (n! n!) ways; the step before the first point counts too.
    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 20)]
    [InlineData(3, 70)]
    public void Exhaust_WithoutABound_SeesEveryInterleavingOnce(int points, int expected)
    {
        HashSet<string> seen = [];
        SearchResult result = Search.Exhaust(
            execution =>
            {
                string order = "";
                execution.Race(("a", () => Steps("a")), ("b", () => Steps("b")));
                Assert.True(seen.Add(order), "The same interleaving twice.");

                void Steps(string name)
                {
                    order += name;
                    for (int i = 0; i < points; i++)
                    {
                        SchedulePoint.Hit();
                        order += name;
                    }
                }
            },
            int.MaxValue);
        Assert.True(result.IsExhaustive);
        Assert.Equal(expected, result.Schedules);
        Assert.Equal(expected, seen.Count);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 6)]
    [InlineData(2, 14)]
    public void Exhaust_WithABound_PreemptsNoMoreThanThat(int preemptions, int expected)
    {
        SearchResult result = Search.Exhaust(
            static execution => execution.Race(("a", TwoPoints), ("b", TwoPoints)), preemptions);
        Assert.True(result.IsExhaustive);
        Assert.Equal(expected, result.Schedules);
    }

    [Fact]
    public void Exhaust_LostUpdate_IsFoundWithOnePreemptionAndReplayed()
    {
        SearchResult without = Search.Exhaust(LoseAnUpdate, preemptions: 0);
        Assert.True(without.IsExhaustive);
        Assert.Null(without.Failure);

        SearchResult with = Search.Exhaust(LoseAnUpdate, preemptions: 1);
        Assert.NotNull(with.Failure);
        Assert.Contains("Assert.Equal() Failure", with.Failure.Reason, StringComparison.Ordinal);
        Assert.Equal(with.Failure, Search.Replay(LoseAnUpdate, with.Failure.Schedule));
        Assert.Null(Search.Replay(LoseAnUpdate, ""));
    }

    [Fact]
    public void Exhaust_TwoThatWaitForEachOther_IsADeadlock()
    {
        SearchResult result = Search.Exhaust(
            static execution =>
            {
                bool first = false;
                bool second = false;
                execution.Race(("a", () => WaitAndSet(execution, () => first, () => second = true)), ("b", () => WaitAndSet(execution, () => second, () => first = true)));
            },
            preemptions: 1);
        Assert.StartsWith("deadlock: ", result.Failure?.Reason, StringComparison.Ordinal);
        Assert.Contains("a waits for the other; b waits for the other", result.Failure?.Reason, StringComparison.Ordinal);
    }

    // Nothing, one limit or two: time passes whenever it likes, but never stands while somebody waits for nothing else.
    [Fact]
    public void Exhaust_WaitsWithLimits_SeesTimePassAtEveryPlace()
    {
        HashSet<string> seen = [];
        SearchResult result = Search.Exhaust(
            execution =>
            {
                bool isSet = false;
                string outcome = "";
                execution.Race(("waits", Wait), ("sets", Set));
                _ = seen.Add(outcome);

                void Wait()
                {
                    execution.Block(() => isSet, TimeSpan.FromMilliseconds(5), "flag");
                    outcome = isSet ? "in time" : "too late";
                }

                void Set()
                {
                    SchedulePoint.Hit();
                    isSet = true;
                }
            },
            preemptions: 1);
        Assert.True(result.IsExhaustive);
        Assert.Equal(["in time", "too late"], seen.Order());
    }

    [Fact]
    public void Exhaust_NobodyElseCanGoOn_TimePasses()
    {
        SearchResult result = Search.Exhaust(
            static execution =>
            {
                long before = execution.Now;
                execution.Race(("waits", () => execution.Block(static () => false, TimeSpan.FromSeconds(5), "nothing")), ("goes", TwoPoints));
                Assert.Equal(5 * Stopwatch.Frequency, execution.Now - before);
            },
            preemptions: 0);
        Assert.Null(result.Failure);
        Assert.True(result.IsExhaustive);
    }

    [Fact]
    public void Exhaust_LoopWithoutEnd_IsFound()
    {
        SearchResult result = Search.Exhaust(static execution => execution.Race(("a", Loop), ("b", TwoPoints)), preemptions: 0);
        Assert.StartsWith("no end after ", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Exhaust_ScenarioThatDependsOnMoreThanTheSchedule_IsRefused()
    {
        int run = 0;
        SearchResult result = Search.Exhaust(
            execution =>
            {
                run++;
                execution.Race([.. Enumerable.Range(0, 1 + run).Select<int, (string, Action)>(static i => ($"{i}", TwoPoints))]);
            },
            preemptions: 1);
        Assert.Contains("does not depend on the schedule alone", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Walk_WithTheSameSeed_TakesTheSameSchedules()
    {
        Assert.Equal(Walk(seed: 1), Walk(seed: 1));
        Assert.NotEqual(Walk(seed: 1), Walk(seed: 2));

        static string Walk(int seed)
        {
            string order = "";
            _ = Search.Walk(
                execution => execution.Race(("a", () => Note("a")), ("b", () => Note("b"))), seed, schedules: 20);
            return order;

            void Note(string name)
            {
                order += name;
                SchedulePoint.Hit();
                order += name;
            }
        }
    }

    private static void LoseAnUpdate(Execution execution)
    {
        int value = 0;
        execution.Race(("a", Increment), ("b", Increment));
        Assert.Equal(2, value);

        void Increment()
        {
            int read = value;
            SchedulePoint.Hit();
            value = read + 1;
        }
    }

    private static void WaitAndSet(Execution execution, Func<bool> until, Action set)
    {
        execution.Block(until, "the other");
        set();
    }

    private static void TwoPoints()
    {
        SchedulePoint.Hit();
        SchedulePoint.Hit();
    }

    private static void Loop()
    {
        while (true)
        {
            SchedulePoint.Hit();
        }
    }
}
