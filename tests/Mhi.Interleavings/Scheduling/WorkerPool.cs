using System;
using System.Collections.Generic;

namespace Mhi.Interleavings.Scheduling;

/// <summary>Threads for the executions of one search. Used only by whoever has the baton.</summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly Stack<Worker> _idle = new();

    internal Worker Rent() => _idle.TryPop(out Worker? worker) ? worker : new Worker();

    internal void Return(Worker worker) => _idle.Push(worker);

    public void Dispose()
    {
        while (_idle.TryPop(out Worker? worker))
        {
            worker.Dispose();
        }
    }
}
