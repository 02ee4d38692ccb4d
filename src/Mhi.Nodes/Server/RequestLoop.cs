using System;
using System.Diagnostics;
using System.Threading;
using Mhi.Interop.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>The threads that read the requests of a connection until it ends.</summary>
/// <remarks>
/// One of them, the first, sleeps in the kernel until a request comes; the others sleep here and are called when requests
/// come faster than those that work can answer them. Were all of them to sleep in the kernel, it would wake all of them for
/// each request, or each in turn, and a program that does one thing after another would pay for threads that find nothing.
/// </remarks>
internal sealed class RequestLoop
{
    // So many requests without finding the queue empty are a queue that does not get empty. On one processor, a single
    // program keeps a thread going for ever, so the call must not weigh against that many requests.
    private const int RequestsThatCallHelp = 64;

    // EFAULT.
    private const int BadAddress = 14;

    private readonly FuseDevice _device;
    private readonly RequestDispatcher _dispatcher;
    private readonly ServerFaults _faults;
    private readonly Thread[] _threads;
    private readonly ThreadGate[] _gates;

    // A bit for each helper that sleeps. Whoever clears it opens the helper's gate.
    private long _idle;
    private volatile bool _hasEnded;

    private RequestLoop(FuseDevice device, RequestDispatcher dispatcher, ServerFaults faults, int threads)
    {
        _device = device;
        _dispatcher = dispatcher;
        _faults = faults;
        _threads = new Thread[threads];
        _gates = new ThreadGate[threads];
    }

    /// <summary>Starts the threads.</summary>
    /// <param name="device">The connection, past its handshake.</param>
    /// <param name="dispatcher">Answers the requests.</param>
    /// <param name="faults">Remembers faults.</param>
    /// <param name="threads">How many, 1 to 64.</param>
    /// <param name="maxTransfer">Most data of a request.</param>
    /// <returns>The loop.</returns>
    internal static RequestLoop Start(
        FuseDevice device, RequestDispatcher dispatcher, ServerFaults faults, int threads, int maxTransfer)
    {
        var loop = new RequestLoop(device, dispatcher, faults, threads);
        for (int i = 0; i < threads; i++)
        {
            int index = i;
            byte[] buffer = GC.AllocateUninitializedArray<byte>(maxTransfer + Wire.RequestOverhead, pinned: true);
            loop._gates[i] = new ThreadGate();
            loop._threads[i] = new Thread(index == 0 ? () => loop.Lead(buffer) : () => loop.Help(index, buffer))
            {
                IsBackground = true,
                Name = "mhi nodes",
            };
        }

        foreach (Thread thread in loop._threads)
        {
            thread.Start();
        }

        return loop;
    }

    /// <summary>Waits until the connection has ended.</summary>
    /// <param name="limit">How long at most.</param>
    /// <returns>Whether it has.</returns>
    internal bool Wait(TimeSpan limit)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (Thread thread in _threads)
        {
            TimeSpan rest = limit - Stopwatch.GetElapsedTime(started);
            if (!thread.Join(rest > TimeSpan.Zero ? rest : TimeSpan.Zero))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Waits for the threads; the connection has been stopped or has ended.</summary>
    internal void Join()
    {
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Lead(byte[] buffer)
    {
        while (Work(buffer) && _device.WaitForRequest())
        {
        }

        // Pairs with the look that each helper takes after it has said that it sleeps: it sees this, or its gate opens.
        _hasEnded = true;
        foreach (ThreadGate gate in _gates)
        {
            gate.Open();
        }
    }

    private void Help(int index, byte[] buffer)
    {
        ThreadGate gate = _gates[index];
        do
        {
            gate.Close();
            _ = Interlocked.Or(ref _idle, 1L << index);
            while (!_hasEnded && !gate.Wait(Timeout.InfiniteTimeSpan))
            {
            }
        }
        while (!_hasEnded && Work(buffer));
    }

    // Answers requests until none waits. False when the connection has ended.
    private bool Work(byte[] buffer)
    {
        int row = 0;
        while (true)
        {
            int length = _device.Read(buffer);
            if (length >= 0)
            {
                Handle(buffer, length);
                if (++row == RequestsThatCallHelp)
                {
                    row = 0;
                    CallHelp();
                }
            }
            else if (length == -Errno.Again)
            {
                return true;
            }
            else if (length is -Errno.NoDevice or -Errno.ConnectionAborted)
            {
                // After the unmount or a stop, and after an abort.
                return false;
            }
            else if (length is not (-Errno.Interrupted or -Errno.NoEntry))
            {
                // ENOMEM and EFAULT come instead of a request that the kernel has ended with EIO itself: the next may fare
                // better. Nothing else is to be expected, and nothing can be served after it.
                _faults.Report(new NodeException($"The kernel's requests cannot be read (error {-length}).", -length));
                if (length is not (-Errno.NoMemory or -BadAddress))
                {
                    return false;
                }
            }
        }
    }

    private void CallHelp()
    {
        long idle = Volatile.Read(ref _idle);
        long lowest = idle & -idle;

        // Another thread may have called the same helper: then it works already, and the next row calls another one.
        if (lowest != 0 && (Interlocked.And(ref _idle, ~lowest) & lowest) != 0)
        {
            _gates[long.TrailingZeroCount(lowest)].Open();
        }
    }

    private void Handle(byte[] buffer, int length)
    {
        try
        {
            _dispatcher.Handle(buffer, length);
        }
        catch (Exception exception)
        {
            // A program must not hang for a fault of ours. Should the request have been answered, the kernel drops this.
            _faults.Report(exception);
            if (Wire.TryRead(buffer.AsSpan(0, length), out RequestHeader header))
            {
                _ = _device.Reply(header.Unique, Errno.Io);
            }
        }
    }
}
