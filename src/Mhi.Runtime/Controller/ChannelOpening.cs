using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Controller;

/// <summary>An open that was asked for: it can be awaited, and given up at any time.</summary>
internal sealed class ChannelOpening
{
    private readonly MhiController _controller;
    private int _isAborted;

    internal ChannelOpening(MhiController controller, ChannelOptions options)
    {
        _controller = controller;
        Options = options;
    }

    /// <summary>What is wanted of the channel.</summary>
    internal ChannelOptions Options { get; }

    /// <summary>Completes with the running channel; fails when it cannot be opened, or was given up before it was open.</summary>
    internal Task<ChannelPair> Task => Opened.Task;

    /// <summary>
    /// Completes when nothing is left of the opening at the device: it never came to a channel, or its channel has been
    /// reset and closed, after a failure, <see cref="Abort"/> or a close. A device that does not answer is waited for no
    /// longer than its commands' time-outs. Never fails.
    /// </summary>
    internal Task Finished => Closed.Task;

    /// <summary>What <see cref="Task"/> is the task of. Poll thread.</summary>
    internal TaskCompletionSource<ChannelPair> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What <see cref="Finished"/> is the task of. Poll thread.</summary>
    internal TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The channel, from its first command on; null before and when it came to none. Poll thread.</summary>
    internal ChannelPair? Pair { get; set; }

    /// <summary>Whether somebody gave the opening up.</summary>
    internal bool IsAborted => Volatile.Read(ref _isAborted) != 0;

    /// <summary>
    /// Gives the opening up, from any thread: a channel that is still opening is taken apart and <see cref="Task"/> fails; one
    /// that is open already is closed without linger. Asking again does nothing.
    /// </summary>
    internal void Abort()
    {
        if (Interlocked.Exchange(ref _isAborted, 1) != 0)
        {
            return;
        }

        // Looked at, so that the failure of an abandoned open is not reported as unobserved.
        _ = Task.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        _controller.AbortOpening(this);
    }

    /// <summary>Poll thread: it came to no channel.</summary>
    /// <param name="failure">Why.</param>
    internal void Fail(MhiException failure)
    {
        _ = Opened.TrySetException(failure);
        _ = Closed.TrySetResult();
    }
}
