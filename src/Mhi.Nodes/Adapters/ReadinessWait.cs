using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Uci;

namespace Mhi.Nodes.Adapters;

/// <summary>
/// One wait of a handle, used again and again: it tells the listener when it ends, from the thread pool and never from
/// inside the call that began it.
/// </summary>
/// <param name="handle">The handle.</param>
/// <param name="listener">Is told.</param>
/// <param name="events">What it is told.</param>
/// <param name="wanted">What is waited for, beside errors and hang-ups.</param>
/// <param name="forChange">Whether a change is waited for instead of a state.</param>
internal sealed class ReadinessWait(UciHandle handle, INodeListener listener, NodeEvents events, UciPollEvents wanted, bool forChange)
    : IThreadPoolWorkItem
{
    private ValueTaskAwaiter<UciPollEvents> _awaiter;
    private Action? _complete;
    private int _isPending;

    /// <summary>Begins to wait.</summary>
    /// <returns>False when an earlier wait has not ended; it goes on.</returns>
    internal bool Begin()
    {
        if (Interlocked.Exchange(ref _isPending, 1) != 0)
        {
            return false;
        }

        if (forChange)
        {
            Await(handle.NextChangeAsync(wanted));
        }
        else
        {
            Await(handle.PollAsync(wanted));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Execute() => Complete();

    private void Await(ValueTask<UciPollEvents> task)
    {
        _awaiter = task.GetAwaiter();
        if (_awaiter.IsCompleted)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            _awaiter.UnsafeOnCompleted(_complete ??= Complete);
        }
    }

    private void Complete()
    {
        try
        {
            _ = _awaiter.GetResult();
        }
        catch (UciHandleClosedException)
        {
            // Nobody listens any more.
            return;
        }

        // Before the call: the listener may begin the next wait.
        Volatile.Write(ref _isPending, 0);
        listener.OnReady(events);
    }
}
