using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Mhi.Interleavings.Scheduling;

/// <summary>
/// Which locks were taken under which, over all executions that share this record: two orders are a deadlock that need never
/// have happened to be found. Locks go by the file that declares them, and all turns by one name.
/// </summary>
internal sealed class LockOrder
{
    /// <summary>What the turns of readers and writers go by.</summary>
    internal const string TurnName = "turn";

    // A change of the host is a turn too: no client ever waits for one, and observers hear of changes in their order.
    private const string ChangeOfHost = "UciHost";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, string>> _taken = [];

    /// <summary>Every pair seen, as "outer > inner".</summary>
    internal IReadOnlyList<string> Pairs
    {
        get
        {
            lock (_lock)
            {
                return [.. _taken.SelectMany(static outer => outer.Value.Keys.Select(inner => $"{outer.Key} > {inner}")).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>A thread is about to wait for a lock, or has a turn.</summary>
    internal static void Take(LogicalThread thread, string name)
    {
        foreach (string held in thread.Held)
        {
            if (thread.Execution.Locks.Add(held, name) is { } cycle)
            {
                thread.Execution.Fail($"lock order: {thread.Name} at {thread.Place} {cycle}");
            }
        }
    }

    /// <summary>A call into the core: nothing but turns may be held.</summary>
    internal static void EnterCore(LogicalThread? thread, string place)
    {
        if (thread is { IsUnwinding: false } && thread.Held.Find(static held => held is not (TurnName or ChangeOfHost)) is { } lockHeld)
        {
            thread.Execution.Fail($"lock rule: {thread.Name} calls into the core ({place}) and holds the lock of {lockHeld}\n{Environment.StackTrace}");
        }
    }

    /// <summary>A client's own code, an observer included: neither a lock nor a turn may be held, nor may the device wait for it.</summary>
    internal static void RunClientCode(LogicalThread? thread, string place)
    {
        if (thread is null or { IsUnwinding: true })
        {
            return;
        }

        if (thread.Held.Find(static held => held is not ChangeOfHost) is { } lockHeld)
        {
            thread.Execution.Fail($"lock rule: {thread.Name} runs a client's code ({place}) and holds the lock of {lockHeld}\n{Environment.StackTrace}");
        }
        else if (thread.Execution.CompletionThread == thread)
        {
            thread.Execution.Fail($"lock rule: a client's code ({place}) runs on the completion thread\n{Environment.StackTrace}");
        }
    }

    /// <summary>A thread begins or ends its work in a turn.</summary>
    internal static void Turn(LogicalThread? thread, bool isTaken)
    {
        if (thread is null or { IsUnwinding: true })
        {
            return;
        }

        bool isHeld = thread.Held.Remove(TurnName);
        if (isTaken)
        {
            if (!isHeld)
            {
                Take(thread, TurnName);
            }

            thread.Held.Add(TurnName);
        }
    }

    /// <returns>The cycle that the pair closes, or null.</returns>
    private string? Add(string outer, string inner)
    {
        lock (_lock)
        {
            if (!_taken.TryGetValue(outer, out Dictionary<string, string>? under))
            {
                _taken.Add(outer, under = []);
            }

            if (!under.TryAdd(inner, Environment.StackTrace))
            {
                return null;
            }

            return FindPath(inner, outer, []) is not { } path ? null
                : $"takes the lock of {inner} under that of {outer}; elsewhere {string.Join(" is taken under ", path.AsEnumerable().Reverse())}:\n{Evidence(path)}\nand here:\n{under[inner]}";
        }
    }

    private string Evidence(List<string> path) =>
        path.Count < 2 ? "" : string.Join('\n', path.Zip(path.Skip(1), (outer, inner) => _taken[outer][inner]));

    private List<string>? FindPath(string from, string to, HashSet<string> seen)
    {
        if (from == to)
        {
            return [to];
        }

        if (seen.Add(from) && _taken.TryGetValue(from, out Dictionary<string, string>? under))
        {
            foreach (string inner in under.Keys)
            {
                if (FindPath(inner, to, seen) is { } rest)
                {
                    return [from, .. rest];
                }
            }
        }

        return null;
    }
}
