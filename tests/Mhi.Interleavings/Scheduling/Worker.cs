using System;
using System.Threading;
using Mhi.Interop.Threading;

namespace Mhi.Interleavings.Scheduling;

/// <summary>A real thread that lends itself to one logical thread after the other.</summary>
internal sealed class Worker : IDisposable
{
    private readonly ThreadGate _gate = new();
    private readonly Thread _thread;
    private LogicalThread? _assigned;
    private bool _ends;

    internal Worker()
    {
        _gate.Close();
        _thread = new Thread(Work) { IsBackground = true, Name = "logical thread" };
        _thread.Start();
    }

    /// <summary>What the thread runs as soon as it gets the baton next.</summary>
    internal void Assign(LogicalThread thread) => _assigned = thread;

    /// <summary>Hands the baton to this thread.</summary>
    internal void Resume() => _gate.Open();

    /// <summary>This thread: gives the baton away; it must not be handed back before this call.</summary>
    internal void AboutToWait() => _gate.Close();

    /// <summary>This thread: waits for the baton.</summary>
    internal void Wait()
    {
        while (!_gate.Wait(Timeout.InfiniteTimeSpan))
        {
            // A sleep may end for no reason.
        }
    }

    /// <summary>Ends the thread; it must be idle.</summary>
    public void Dispose()
    {
        _ends = true;
        _gate.Open();
        _thread.Join();
    }

    private void Work()
    {
        while (true)
        {
            Wait();
            if (_ends)
            {
                return;
            }

            LogicalThread thread = _assigned!;
            _assigned = null;
            thread.Run();
        }
    }
}
