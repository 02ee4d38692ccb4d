using System;
using System.Threading;
using Mhi.Interop.Threading;

namespace Mhi.Endpoint;

/// <summary>Steps an endpoint on a thread of its own: polls while there is work and briefly after, then sleeps.</summary>
/// <remarks>
/// A register write of the host, a held-back interrupt that is due, or the end wakes it. An exception of a channel function
/// is to the device what a crash of its firmware is: SYS_ERR, until the host resets it.
/// </remarks>
public sealed class EndpointLoop : IDisposable
{
    // Long enough that a host in conversation meets a device that is awake, short against a time slice.
    private static readonly int s_idlePollsBeforeSleep = Environment.ProcessorCount > 1 ? 4000 : 1;

    private readonly MhiEndpoint _endpoint;
    private readonly Parker _parker;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile Exception? _fault;

    /// <summary>Starts the thread.</summary>
    /// <param name="endpoint">The endpoint; nobody else may poll it until the loop is disposed.</param>
    /// <param name="name">Name of the thread.</param>
    public EndpointLoop(MhiEndpoint endpoint, string name)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _endpoint = endpoint;
        _parker = endpoint.Parker;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>The last exception that a channel function let escape, or null.</summary>
    public Exception? Fault => _fault;

    /// <summary>Ends the thread, between two polls.</summary>
    public void Dispose()
    {
        _stopping = true;
        _parker.Wake();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                RunUntilIdle();
                Sleep();
            }
            catch (Exception exception)
            {
                _fault = exception;
                _endpoint.RaiseSystemError();
            }
        }
    }

    private void RunUntilIdle()
    {
        for (int idle = 0; idle < s_idlePollsBeforeSleep && !_stopping;)
        {
            if (_endpoint.Poll() != 0 || _endpoint.MustBePolled)
            {
                idle = 0;
            }
            else
            {
                idle++;
            }
        }
    }

    private void Sleep()
    {
        _parker.Announce();
        try
        {
            // One more look behind the barrier of the announcement; what comes later finds it and wakes this thread.
            if (_stopping || _endpoint.Poll() != 0 || _endpoint.MustBePolled)
            {
                return;
            }

            _parker.Park(_endpoint.TryGetDelay(out TimeSpan delay) ? delay : Timeout.InfiniteTimeSpan);
        }
        finally
        {
            _parker.Withdraw();
        }
    }
}
