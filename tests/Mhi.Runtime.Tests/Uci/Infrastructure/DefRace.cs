using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A second thread that does one thing per round, at the same moment as the test: both spin to the start.</summary>
internal sealed class DefRace : IDisposable
{
    private int _round;
    private int _done;
    private volatile bool _stops;

    /// <summary>Whether the other thread has done its part of this round, or never will.</summary>
    public bool IsOver => Volatile.Read(ref _done) >= _round || _stops;

    /// <summary>Starts the thread; the task ends after <see cref="Stop"/>, or with the action's exception.</summary>
    public Task Run(Action action) => Task.Factory.StartNew(
        () =>
        {
            for (int round = 1; ; round++)
            {
                var spinner = default(SpinWait);
                while (Volatile.Read(ref _round) < round)
                {
                    if (_stops)
                    {
                        return;
                    }

                    spinner.SpinOnce(sleep1Threshold: -1);
                }

                try
                {
                    action();
                }
                catch
                {
                    _stops = true;
                    throw;
                }

                Volatile.Write(ref _done, round);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Lets the other thread act once, from now on.</summary>
    /// <param name="headStart">How many spins to its advantage.</param>
    public void Begin(int headStart = 0)
    {
        Volatile.Write(ref _round, _round + 1);
        Thread.SpinWait(headStart);
    }

    /// <summary>Waits until it has; what the other thread calls needs no time-out of its own.</summary>
    public void End()
    {
        OpenBed.WaitUntil(() => IsOver, "the other side of the race");

        Assert.False(_stops, "The other side of the race has failed.");
    }

    /// <summary>Ends the thread.</summary>
    public void Stop() => _stops = true;

    public void Dispose() => Stop();
}
