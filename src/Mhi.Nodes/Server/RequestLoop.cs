using System;
using System.Diagnostics;
using System.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>The threads that read the requests of a connection until it ends.</summary>
internal sealed class RequestLoop
{
    private readonly FuseDevice _device;
    private readonly RequestDispatcher _dispatcher;
    private readonly ServerFaults _faults;
    private readonly Thread[] _threads;

    private RequestLoop(FuseDevice device, RequestDispatcher dispatcher, ServerFaults faults, int threads)
    {
        _device = device;
        _dispatcher = dispatcher;
        _faults = faults;
        _threads = new Thread[threads];
    }

    /// <summary>Starts the threads.</summary>
    /// <param name="device">The connection, past its handshake.</param>
    /// <param name="dispatcher">Answers the requests.</param>
    /// <param name="faults">Remembers faults.</param>
    /// <param name="threads">How many.</param>
    /// <param name="maxTransfer">Most data of a request.</param>
    /// <returns>The loop.</returns>
    internal static RequestLoop Start(
        FuseDevice device, RequestDispatcher dispatcher, ServerFaults faults, int threads, int maxTransfer)
    {
        var loop = new RequestLoop(device, dispatcher, faults, threads);
        for (int i = 0; i < threads; i++)
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(maxTransfer + Wire.RequestOverhead, pinned: true);
            loop._threads[i] = new Thread(() => loop.Run(buffer)) { IsBackground = true, Name = "mhi nodes" };
            loop._threads[i].Start();
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

    private void Run(byte[] buffer)
    {
        while (true)
        {
            int length = _device.Read(buffer);
            if (length >= 0)
            {
                Handle(buffer, length);
            }
            else if (length == -Errno.Again)
            {
                if (!_device.WaitForRequest())
                {
                    return;
                }
            }
            else if (length is not (-Errno.Interrupted or -Errno.NoEntry))
            {
                // ENODEV after the unmount, ECONNABORTED after an abort; nothing else is to be expected, and nothing can be
                // served after it.
                return;
            }
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
