using System.Threading;
using Mhi.Channels;
using Mhi.Interop.Threading;

namespace Mhi.Uci.Waiting;

/// <summary>Where operations run and sleep: the thread pool and futexes, or the threads of a controlled scheduler.</summary>
internal static partial class UciWork
{
#if !MHI_INTERLEAVING
    /// <summary>Lets an operation go on, never on the thread that asks for it.</summary>
    internal static void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>Sleeps until the operation is signalled or its time is over.</summary>
    internal static void Sleep(UciOperation operation, ThreadGate gate, in Deadline deadline)
    {
        _ = operation;
        while (!gate.Wait(deadline.Left) && !deadline.IsOver)
        {
            // A sleep may end for no reason.
        }
    }
#endif
}
