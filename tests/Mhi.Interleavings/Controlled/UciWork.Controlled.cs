using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Interleavings.Scheduling;

namespace Mhi.Uci.Waiting;

/// <content>The thread pool's work and every wait, on logical threads.</content>
internal static partial class UciWork
{
    internal static void Queue(IThreadPoolWorkItem work)
    {
        Execution execution = Execution.Current!;
        if (execution.RunsWorkInline)
        {
            work.Execute();
        }
        else
        {
            _ = execution.Spawn("pool", work.Execute);
        }
    }

    internal static ControlledTimer Timer(TimerCallback callback, object state) =>
        new(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    internal static TaskEnd EndOf(Task task) => new(task);

    internal static void Unregister(in CancellationTokenRegistration registration)
    {
        if (!registration.Unregister())
        {
            Execution.Current?.AwaitCallbacks(registration.Token);
        }
    }

    internal static void Spin(ref SpinWait spinner)
    {
        _ = spinner;
        Execution.Current!.Yield();
    }

    /// <summary>Awaits the end of a task; what follows is a logical thread.</summary>
    internal readonly struct TaskEnd(Task task) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => task.IsCompleted;

        public TaskEnd GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            // Without an execution a finalizer is closing what a failed one has left.
            Task awaited = task;
            _ = Execution.Current?.Spawn("continuation", continuation, until: () => awaited.IsCompleted);
        }
    }
}
