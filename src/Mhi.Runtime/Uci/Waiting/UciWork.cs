using Mhi.Channels;
#if !MHI_INTERLEAVING
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
#endif

namespace Mhi.Uci.Waiting;

/// <summary>
/// Where operations run, sleep and wait: the thread pool and futexes, or the threads of a controlled scheduler. Whatever
/// may wait for another thread goes through here, through <see cref="UciLock"/> or through <see cref="UciGate"/>.
/// </summary>
internal static partial class UciWork
{
    /// <summary>Sleeps until the gate is open or the time is over.</summary>
    internal static void Sleep(UciGate gate, in Deadline deadline)
    {
        while (!gate.Wait(deadline.Left) && !deadline.IsOver)
        {
            // A sleep may end for no reason.
        }
    }

#if !MHI_INTERLEAVING
    /// <summary>Lets an operation go on, never on the thread that asks for it.</summary>
    internal static void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>A timer that is not set yet. Its callback runs in no caller's context: an operation has many, one after another.</summary>
    internal static Timer Timer(TimerCallback callback, object state)
    {
        using AsyncFlowControl flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return new Timer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Awaited: goes on, on the thread pool, when the task has ended, however it did.</summary>
    internal static ConfiguredTaskAwaitable EndOf(Task task) => task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Ends a registration; a callback that another thread is running is waited for.</summary>
    internal static void Unregister(in CancellationTokenRegistration registration) => registration.Dispose();

    /// <summary>Lets the thread that is waited for go on; never sleeps.</summary>
    internal static void Spin(ref SpinWait spinner) => spinner.SpinOnce(sleep1Threshold: -1);
#endif
}
