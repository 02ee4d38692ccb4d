using System;
using System.Diagnostics;
using System.Threading;

namespace Mhi.Nodes.Server;

/// <summary>
/// Closes handles in the background: the last close of a channel waits for its data to leave, and nobody waits for that
/// here. Any thread.
/// </summary>
internal sealed class HandleCloser
{
    private readonly object _lock = new();
    private int _closing;

    /// <summary>Closes a handle, soon.</summary>
    /// <param name="handle">The handle; nobody uses it any more.</param>
    internal void Close(NodeHandle handle)
    {
        lock (_lock)
        {
            _closing++;
        }

        _ = ThreadPool.UnsafeQueueUserWorkItem(static state => state.Closer.Run(state.Handle), (Closer: this, Handle: handle), preferLocal: false);
    }

    /// <summary>Waits until all handles are closed.</summary>
    /// <param name="limit">How long at most.</param>
    /// <returns>Whether they are.</returns>
    internal bool Wait(TimeSpan limit)
    {
        long started = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            while (_closing != 0)
            {
                TimeSpan rest = limit - Stopwatch.GetElapsedTime(started);
                if (rest <= TimeSpan.Zero)
                {
                    return false;
                }

                _ = Monitor.Wait(_lock, rest);
            }

            return true;
        }
    }

    private void Run(NodeHandle handle)
    {
        try
        {
            handle.Close();
        }
        finally
        {
            lock (_lock)
            {
                _closing--;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
