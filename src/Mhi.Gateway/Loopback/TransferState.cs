using System;
using System.Threading;
using Mhi.Interop.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>What sender, receiver and supervisor of a run tell each other. Any thread.</summary>
internal sealed class TransferState
{
    private readonly Parker _supervisor = new();
    private Exception? _fault;
    private long _expected = -1;
    private volatile bool _started;
    private volatile bool _ending;
    private volatile bool _interrupted;
    private volatile bool _closing;

    /// <summary>Whether sender and receiver may begin.</summary>
    internal bool IsStarted => _started;

    /// <summary>Whether no further packet is to be sent.</summary>
    internal bool IsEnding => _ending;

    /// <summary>Whether the user ended the run.</summary>
    internal bool IsInterrupted => _interrupted;

    /// <summary>Whether the channel is being closed on purpose: its end is no fault then.</summary>
    internal bool IsClosing => _closing;

    /// <summary>What ended the run early; null while nothing did.</summary>
    internal Exception? Fault => Volatile.Read(ref _fault);

    /// <summary>Bytes that have to come back, once the sender knows; below zero before.</summary>
    internal long Expected => Volatile.Read(ref _expected);

    /// <summary>Lets sender and receiver begin.</summary>
    internal void Start() => _started = true;

    /// <summary>Asks the sender to send no more.</summary>
    internal void End()
    {
        _ending = true;
        _supervisor.Wake();
    }

    /// <summary>The user wants the run to end.</summary>
    internal void Interrupt()
    {
        _interrupted = true;
        End();
    }

    /// <summary>The channel is about to be closed.</summary>
    internal void Close()
    {
        _closing = true;
        _ending = true;
    }

    /// <summary>Everything has been sent.</summary>
    /// <param name="bytes">How much it was.</param>
    internal void SetExpected(long bytes)
    {
        Volatile.Write(ref _expected, bytes);
        _supervisor.Wake();
    }

    /// <summary>Something went wrong; the first fault counts, and none does while the channel is being closed.</summary>
    /// <param name="fault">What.</param>
    internal void Fail(Exception fault)
    {
        if (!_closing)
        {
            _ = Interlocked.CompareExchange(ref _fault, fault, null);
            End();
        }
    }

    /// <summary>Tells the supervisor that the run may be over.</summary>
    internal void WakeSupervisor() => _supervisor.Wake();

    /// <summary>Supervisor: announces its sleep. What it waits for must be looked at once more before <see cref="Sleep"/>.</summary>
    internal void AnnounceSleep() => _supervisor.Announce();

    /// <summary>Supervisor: takes the announcement back.</summary>
    internal void WithdrawSleep() => _supervisor.Withdraw();

    /// <summary>Supervisor: sleeps until something may have happened.</summary>
    /// <param name="longest">Longest sleep.</param>
    internal void Sleep(TimeSpan longest) => _supervisor.Park(longest);
}
