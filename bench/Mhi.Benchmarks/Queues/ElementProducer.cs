using System;
using System.Threading;

namespace Mhi.Benchmarks.Queues;

/// <summary>A thread that does the same piece of work each time it is told to.</summary>
internal sealed class ElementProducer : IDisposable
{
    private readonly SemaphoreSlim _start = new(0);
    private readonly Action _work;
    private readonly Thread _thread;
    private volatile bool _stopping;

    private ElementProducer(Action work)
    {
        _work = work;
        _thread = new Thread(Run) { IsBackground = true, Name = "producer" };
    }

    public static ElementProducer Create(Action work)
    {
        var producer = new ElementProducer(work);
        producer._thread.Start();
        return producer;
    }

    /// <summary>Lets the thread do its work once.</summary>
    public void Begin() => _start.Release();

    public void Dispose()
    {
        _stopping = true;
        _start.Release();
        _thread.Join();
        _start.Dispose();
    }

    private void Run()
    {
        _start.Wait();
        while (!_stopping)
        {
            _work();
            _start.Wait();
        }
    }
}
