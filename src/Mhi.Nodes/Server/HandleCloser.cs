using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Nodes.Server;

/// <summary>
/// Closes handles: begun at once, so that the next open finds it so, and ended in the background. The last close of a channel
/// waits for its data to leave, and nobody waits for that here. Any thread.
/// </summary>
internal sealed class HandleCloser(ServerFaults faults)
{
    private readonly object _lock = new();
    private int _closing;

    /// <summary>Begins to close a handle.</summary>
    /// <param name="handle">The handle; nobody uses it any more.</param>
    internal void Close(NodeHandle handle)
    {
        lock (_lock)
        {
            _closing++;
        }

        _ = CloseAsync(handle);
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

    private async Task CloseAsync(NodeHandle handle)
    {
        try
        {
            await handle.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            faults.Report(exception);
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
