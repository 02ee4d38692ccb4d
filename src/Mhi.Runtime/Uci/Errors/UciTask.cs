using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Mhi.Uci;

/// <summary>Tasks that have ended badly, as an async method would end: a cancellation makes a canceled task.</summary>
internal static class UciTask
{
    internal static Task<T> Failed<T>(Exception exception)
    {
        // The one public way to a canceled task that keeps its exception, and so the errno.
        AsyncTaskMethodBuilder<T> builder = AsyncTaskMethodBuilder<T>.Create();
        Task<T> task = builder.Task;
        builder.SetException(exception);
        return task;
    }
}
