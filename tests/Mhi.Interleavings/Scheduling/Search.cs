using System;
using System.Collections.Generic;

namespace Mhi.Interleavings.Scheduling;

/// <summary>Runs a scenario again and again, each time with another schedule.</summary>
internal static class Search
{
    private const int MostSteps = 20_000;

    /// <summary>Every schedule that preempts a thread at most so often, depth first.</summary>
    /// <param name="scenario">The scenario; runs on a logical thread of its own, once per schedule.</param>
    /// <param name="preemptions">How often a thread that could go on may have to wait.</param>
    /// <param name="mostSchedules">Where the search gives up.</param>
    /// <param name="isFine">Whether threads also switch inside of hand-overs and where a lock is given back.</param>
    /// <param name="locks">The record of locks, when other searches share it.</param>
    internal static SearchResult Exhaust(Action<Execution> scenario, int preemptions, long mostSchedules = 1_000_000, bool isFine = false, LockOrder? locks = null)
    {
        using var workers = new WorkerPool();
        var path = new Path(preemptions);
        locks ??= new LockOrder();
        int mostChoices = 0;
        for (long schedules = 1; ; schedules++)
        {
            var execution = new Execution(workers, path, MostSteps, isFine, traces: false, locks);
            ScheduleFailure? failure = execution.Run(scenario);
            mostChoices = Math.Max(mostChoices, execution.Choices.Count);
            if (failure is not null)
            {
                return new SearchResult(schedules, false, mostChoices, Replay(scenario, failure.Schedule) ?? failure);
            }

            if (!path.TryAdvance(execution.Choices))
            {
                return new SearchResult(schedules, true, mostChoices, null);
            }

            if (schedules == mostSchedules)
            {
                return new SearchResult(schedules, false, mostChoices, null);
            }
        }
    }

    /// <summary>Schedules at random, without a bound on preemptions, with every place where threads can switch.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">The same seed gives the same schedules.</param>
    /// <param name="schedules">How many.</param>
    /// <param name="locks">The record of locks, when other searches share it.</param>
    internal static SearchResult Walk(Action<Execution> scenario, int seed, long schedules, LockOrder? locks = null)
    {
        locks ??= new LockOrder();
        using var workers = new WorkerPool();
        var walk = new RandomWalk(seed);
        int mostChoices = 0;
        for (long schedule = 1; schedule <= schedules; schedule++)
        {
            var execution = new Execution(workers, walk, MostSteps, isFine: true, traces: false, locks);
            ScheduleFailure? failure = execution.Run(scenario);
            mostChoices = Math.Max(mostChoices, execution.Choices.Count);
            if (failure is not null)
            {
                return new SearchResult(schedule, false, mostChoices, Replay(scenario, failure.Schedule) ?? failure);
            }
        }

        return new SearchResult(schedules, false, mostChoices, null);
    }

    /// <summary>One schedule, as a failure names it.</summary>
    /// <returns>The failure, with a trace; null when nothing went wrong.</returns>
    internal static ScheduleFailure? Replay(Action<Execution> scenario, string schedule)
    {
        using var workers = new WorkerPool();
        var recording = new Recording(Schedule.Parse(schedule, out bool isFine));
        return new Execution(workers, recording, MostSteps, isFine, traces: true, new LockOrder()).Run(scenario);
    }

    private sealed class Path(int preemptions) : IChooser
    {
        private readonly List<Choice> _prefix = [];

        public int Choose(int position, int options, bool preempts, bool mayWait)
        {
            if (position >= _prefix.Count)
            {
                return 0;
            }

            Choice planned = _prefix[position];
            return planned.Options == options && planned.Preempts == preempts && planned.MayWait == mayWait
                ? planned.Taken
                : throw new InvalidOperationException($"Choice {position} is between {options} threads this time, not {planned.Options}: the scenario does not depend on the schedule alone.");
        }

        /// <summary>The next schedule in depth-first order.</summary>
        internal bool TryAdvance(IReadOnlyList<Choice> taken)
        {
            _prefix.Clear();
            _prefix.AddRange(taken);
            int used = 0;
            foreach (Choice choice in taken)
            {
                used += choice.Cost;
            }

            while (_prefix.Count != 0)
            {
                Choice last = _prefix[^1];
                _prefix.RemoveAt(_prefix.Count - 1);
                used -= last.Cost;
                Choice next = last with { Taken = last.Taken + 1 };
                if (next.Taken < next.Options && used + next.Cost <= preemptions)
                {
                    _prefix.Add(next);
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class RandomWalk(int seed) : IChooser
    {
        // Rare enough that a thread gets somewhere between two preemptions.
        private const int StepsPerPreemption = 6;

        private readonly Random _random = new(seed);

        public int Choose(int position, int options, bool preempts, bool mayWait) =>
            (preempts || mayWait) && _random.Next(StepsPerPreemption) != 0 ? 0 : _random.Next(options);
    }

    private sealed class Recording(IReadOnlyList<int> choices) : IChooser
    {
        public int Choose(int position, int options, bool preempts, bool mayWait)
        {
            int taken = position < choices.Count ? choices[position] : 0;
            return taken < options
                ? taken
                : throw new InvalidOperationException($"Choice {position} is between {options} threads; the schedule says {taken}. It belongs to another scenario or to older code.");
        }
    }
}
