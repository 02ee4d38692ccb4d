using System;
using System.Collections.Generic;

namespace Mhi.Interleavings.Scheduling;

/// <summary>A thread of an execution. Exactly one runs; the others wait for the baton.</summary>
internal sealed class LogicalThread
{
    [ThreadStatic]
    private static LogicalThread? s_current;

    private readonly Action _body;

    internal LogicalThread(Execution execution, string name, bool isDaemon, Worker worker, Action body)
    {
        Execution = execution;
        Name = name;
        IsDaemon = isDaemon;
        Worker = worker;
        _body = body;
    }

    /// <summary>The logical thread that the calling thread runs; null outside of any execution.</summary>
    internal static LogicalThread? Current => s_current;

    internal Execution Execution { get; }

    internal string Name { get; }

    /// <summary>Whether an execution may end while this thread waits.</summary>
    internal bool IsDaemon { get; }

    internal Worker Worker { get; }

    /// <summary>What the thread waits for; null while it can go on.</summary>
    internal Func<bool>? Until { get; set; }

    /// <summary>Where the thread is, for reports.</summary>
    internal string Place { get; set; } = "start";

    /// <summary>Whether the thread waits for what others do, and so is not asked when others wait for quiet.</summary>
    internal bool GivesWay { get; set; }

    /// <summary>The locks that the thread holds and the turn that it works in, by name, in the order taken.</summary>
    internal List<string> Held { get; } = [];

    internal bool IsDone { get; set; }

    /// <summary>Whether the thread is being unwound: nothing it passes makes it wait any more.</summary>
    internal bool IsUnwinding { get; set; }

    internal bool CanGoOn => !IsDone && (Until is null || Until());

    /// <summary>Worker: runs the body and hands the baton on.</summary>
    internal void Run()
    {
        s_current = this;
        Exception? failure = null;
        try
        {
            if (Execution.IsOver)
            {
                IsUnwinding = true;
            }
            else
            {
                Until = null;
                _body();
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        s_current = null;
        Execution.End(this, failure);
    }
}
