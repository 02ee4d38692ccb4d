using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Nodes.Server;

/// <summary>
/// Character devices that are leaving: all of them at the same time, each until its programs have closed it or its farewell
/// is over. Any thread.
/// </summary>
internal sealed class Departures
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _leaving = [];

    /// <summary>Tells a device's programs that it has gone, at once; takes it away in the background.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="node">The device.</param>
    internal void Begin(string name, CharacterNode node)
    {
        node.Withdraw();
        lock (_lock)
        {
            // A thread of its own: it sleeps for as long as the programs take.
            _leaving[name] = Task.Factory.StartNew(() => End(name, node), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Waits until a device has left; at once when none of that name is leaving.</summary>
    /// <param name="name">Its name.</param>
    internal void Wait(string name)
    {
        Task? task;
        lock (_lock)
        {
            _ = _leaving.TryGetValue(name, out task);
        }

        task?.GetAwaiter().GetResult();
    }

    /// <summary>Waits until all have left.</summary>
    internal void WaitForAll()
    {
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _leaving.Values];
        }

        Task.WaitAll(tasks);
    }

    // In the list until it has left, for everybody who waits. Nodes of one name leave one after the other.
    private void End(string name, CharacterNode node)
    {
        try
        {
            node.Dispose();
        }
        finally
        {
            lock (_lock)
            {
                _ = _leaving.Remove(name);
            }
        }
    }
}
