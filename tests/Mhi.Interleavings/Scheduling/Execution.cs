using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using Mhi.Interop.Threading;

namespace Mhi.Interleavings.Scheduling;

/// <summary>
/// One run of a scenario under a chooser. Its threads are real, but exactly one of them has the baton; it is handed on only
/// where the code says that order matters, where a thread waits, and where one ends.
/// </summary>
internal sealed partial class Execution
{
    private readonly WorkerPool _workers;
    private readonly IChooser _chooser;
    private readonly int _mostSteps;
    private readonly bool _isFine;
    private readonly StringBuilder? _trace;
    private readonly List<LogicalThread> _threads = [];
    private readonly List<LogicalThread> _ready = [];
    private readonly List<Choice> _choices = [];
    private readonly Dictionary<CancellationToken, LogicalThread> _canceling = [];
    private readonly ThreadGate _ended = new();
    private LogicalThread? _lastTraced;
    private bool _isExploring;
    private int _steps;
    private string? _failure;

    internal Execution(WorkerPool workers, IChooser chooser, int mostSteps, bool isFine, bool traces, LockOrder locks)
    {
        Locks = locks;
        _workers = workers;
        _chooser = chooser;
        _mostSteps = mostSteps;
        _isFine = isFine;
        _trace = traces ? new StringBuilder() : null;
    }

    /// <summary>The execution of the calling logical thread; null outside of any.</summary>
    internal static Execution? Current => LogicalThread.Current?.Execution;

    /// <summary>The choices made.</summary>
    internal IReadOnlyList<Choice> Choices => _choices;

    /// <summary>The record of who took which lock under which.</summary>
    internal LockOrder Locks { get; }

    /// <summary>The thread that stands for the device's completions, on which no client's code may run.</summary>
    internal LogicalThread? CompletionThread { get; set; }

    /// <summary>Whether what belongs on the thread pool runs where it is asked for: a fault that the search has to find.</summary>
    internal bool RunsWorkInline { get; set; }

    /// <summary>Whether threads are only unwound any more.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Changes with every step that any thread makes.</summary>
    internal int Steps => _steps;

    /// <summary>Runs a scenario on a logical thread and returns when every thread has ended.</summary>
    /// <returns>What went wrong, or null.</returns>
    internal ScheduleFailure? Run(Action<Execution> scenario)
    {
        LogicalThread main = Spawn("main", () => scenario(this));
        _ended.Close();
        main.Worker.Resume();
        while (!_ended.Wait(Timeout.InfiniteTimeSpan))
        {
            // A sleep may end for no reason.
        }

        return _failure is null ? null : new ScheduleFailure(_failure, Schedule.Format(_choices, _isFine), _trace?.ToString() ?? "");
    }

    /// <summary>Adds a thread. It starts when it is chosen, and not before what it waits for is true.</summary>
    internal LogicalThread Spawn(string name, Action body, bool isDaemon = false, Func<bool>? until = null)
    {
        Worker worker = _workers.Rent();
        var thread = new LogicalThread(this, name, isDaemon, worker, body) { Until = until };
        worker.Assign(thread);
        _threads.Add(thread);
        return thread;
    }

    /// <summary>Explores with the given threads until they have ended and nothing moves any more.</summary>
    internal void Race(params (string Name, Action Body)[] bodies)
    {
        LogicalThread[] threads = RaceToRest(bodies);
        Block(() => Array.TrueForAll(threads, static thread => thread.IsDone), "the race");
    }

    /// <summary>Explores with the given threads until nothing moves any more; some may wait for what comes later.</summary>
    internal LogicalThread[] RaceToRest(params (string Name, Action Body)[] bodies)
    {
        LogicalThread[] threads = [.. bodies.Select(each => Spawn(each.Name, each.Body))];
        _isExploring = true;
        Settle();
        return threads;
    }

    /// <summary>Waits until the given threads have ended; the order is not explored.</summary>
    internal void Join(params LogicalThread[] threads) => Block(() => Array.TrueForAll(threads, static thread => thread.IsDone), "the others");

    /// <summary>Waits until every other thread waits or has ended. From then on the order is fixed, until the next race.</summary>
    internal void Settle()
    {
        LogicalThread self = LogicalThread.Current!;
        BlockLast(() => !_threads.Exists(other => other != self && other.CanGoOn), "quiet");
        _isExploring = false;
    }

    /// <summary>The order matters here: any thread may go next.</summary>
    /// <param name="place">Where.</param>
    /// <param name="isFine">Whether this is inside of what is one step in a coarse search.</param>
    internal void Hit(string place, bool isFine = false)
    {
        LogicalThread self = LogicalThread.Current!;
        if (!self.IsUnwinding && (_isFine || !isFine))
        {
            self.Place = place;
            Switch(self);
        }
    }

    /// <summary>Waits until something is true.</summary>
    internal void Block(Func<bool> until, string what)
    {
        LogicalThread self = LogicalThread.Current!;
        if (self.IsUnwinding)
        {
            return;
        }

        self.Place = what;
        self.Until = until;
        Switch(self);
        self.Until = null;
    }

    /// <summary>Lets the others go first if any of them can go on: for a loop that looks again and again.</summary>
    internal void Yield()
    {
        int steps = _steps + 1;
        BlockLast(() => _steps > steps || !_threads.Exists(static other => !other.GivesWay && other.CanGoOn), "spin");
    }

    /// <summary>Cancels a source; who ends a registration of its token waits for the callbacks as for any other thread.</summary>
    internal void Cancel(CancellationTokenSource source)
    {
        _canceling.Add(source.Token, LogicalThread.Current!);
        source.Cancel();
        _ = _canceling.Remove(source.Token);
    }

    /// <summary>Waits until no callback of a token runs on another thread.</summary>
    internal void AwaitCallbacks(CancellationToken token)
    {
        if (_canceling.TryGetValue(token, out LogicalThread? canceler) && canceler != LogicalThread.Current)
        {
            Block(() => !_canceling.ContainsKey(token), "callbacks");
        }
    }

    /// <summary>A thread has ended.</summary>
    internal void End(LogicalThread thread, Exception? exception)
    {
        thread.IsDone = true;
        thread.Until = null;
        if (exception is not null && !thread.IsUnwinding)
        {
            Fail($"{thread.Name}: {exception}");
        }

        thread.Worker.AboutToWait();
        _workers.Return(thread.Worker);
        Next(thread)?.Worker.Resume();
    }

    private void BlockLast(Func<bool> until, string what)
    {
        LogicalThread self = LogicalThread.Current!;
        self.GivesWay = true;
        Block(until, what);
        self.GivesWay = false;
    }

    private void Switch(LogicalThread self)
    {
        self.Worker.AboutToWait();
        LogicalThread next = Next(self)!;
        if (next != self)
        {
            next.Worker.Resume();
            self.Worker.Wait();
        }

        if (IsOver)
        {
            self.IsUnwinding = true;
            throw new AbandonedException();
        }
    }

    /// <summary>Who goes on; null when the execution has ended, which only the last thread to end is told.</summary>
    private LogicalThread? Next(LogicalThread self)
    {
        if (!IsOver)
        {
            _steps++;
            Collect(self);
            if (_ready.Count == 0)
            {
                IsOver = true;
                LogicalThread[] stuck = [.. _threads.Where(static thread => !thread.IsDone && !thread.IsDaemon)];
                if (stuck.Length != 0)
                {
                    Fail("deadlock: " + string.Join("; ", stuck.Select(static thread => $"{thread.Name} waits for {thread.Place}")));
                }
            }
            else if (_steps > _mostSteps)
            {
                Fail($"no end after {_mostSteps} steps; {self.Name} is at {self.Place}");
            }
            else if (!IsOver)
            {
                try
                {
                    LogicalThread chosen = _ready[Choose(self)];
                    Trace(chosen);
                    return chosen;
                }
                catch (InvalidOperationException exception)
                {
                    Fail(exception.Message);
                }
            }
        }

        // One after the other is unwound.
        LogicalThread? left = _threads.Find(static thread => !thread.IsDone);
        if (left is null)
        {
            _ended.Open();
        }

        return left;
    }

    private void Collect(LogicalThread self)
    {
        _ready.Clear();
        if (self != _clock && self.CanGoOn)
        {
            _ready.Add(self);
        }

        foreach (LogicalThread thread in _threads)
        {
            if (thread != self && thread != _clock && thread.CanGoOn)
            {
                _ready.Add(thread);
            }
        }

        // Last: left alone, time passes only when nobody can do anything else.
        if (_clock is { CanGoOn: true })
        {
            _ready.Add(_clock);
        }
    }

    private int Choose(LogicalThread self)
    {
        if (!_isExploring || _ready.Count == 1)
        {
            return 0;
        }

        // Giving way in a spin costs nothing: whoever spins waits in truth.
        bool preempts = _ready[0] == self && self.Place != "spin";
        bool mayWait = _ready[^1] == _clock;
        int taken = _chooser.Choose(_choices.Count, _ready.Count, preempts, mayWait);
        _choices.Add(new Choice(_ready.Count, taken, preempts, mayWait));
        return taken;
    }

    /// <summary>The execution has failed; its threads are unwound as soon as they come to a place to switch.</summary>
    internal void Fail(string reason)
    {
        _failure ??= reason;
        IsOver = true;
    }

    private void Trace(LogicalThread chosen)
    {
        if (_trace is null || !_isExploring)
        {
            return;
        }

        if (_lastTraced != chosen)
        {
            _lastTraced = chosen;
            _trace.Append(CultureInfo.InvariantCulture, $"\n  {chosen.Name}:");
        }

        _trace.Append(' ').Append(chosen.Place);
    }
}
