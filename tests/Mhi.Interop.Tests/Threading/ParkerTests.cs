using System;
using System.Threading;
using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Interop.Tests.Threading;

public sealed class ParkerTests
{
    // A lost wake-up shows as a thread that never ends; the limit only keeps such a failure from hanging the run.
    private static readonly TimeSpan s_hangGuard = TimeSpan.FromMinutes(1);

    [Fact]
    public void Park_WhenTheTimeIsOver_Returns()
    {
        var parker = new Parker();

        parker.Announce();
        parker.Park(TimeSpan.Zero);
        parker.Announce();
        parker.Park(TimeSpan.FromMilliseconds(1));

        parker.Wake();
    }

    [Fact]
    public void Park_WhenWokenSinceTheAnnouncement_DoesNotSleep()
    {
        var parker = new Parker();

        Assert.True(Ends(() =>
        {
            parker.Announce();
            parker.Wake();
            parker.Park(Timeout.InfiniteTimeSpan);
        }));
    }

    [Fact]
    public void Park_WithoutAnAnnouncement_DoesNotSleep()
    {
        var parker = new Parker();

        Assert.True(Ends(() => parker.Park(Timeout.InfiniteTimeSpan)));
    }

    [Fact]
    public void Park_AfterWithdrawing_DoesNotSleep()
    {
        var parker = new Parker();

        Assert.True(Ends(() =>
        {
            parker.Announce();
            parker.Withdraw();
            parker.Park(Timeout.InfiniteTimeSpan);
        }));
    }

    [Fact]
    public void Wake_IsNeverLost_WhenTwoThreadsTakeTurns()
    {
        const int Rounds = 5_000;
        var first = new Turn();
        var second = new Turn();
        var peer = new Thread(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                first.WaitFor(i);
                second.Reach(i);
            }
        })
        {
            IsBackground = true,
        };
        peer.Start();

        Assert.True(Ends(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                first.Reach(i);
                second.WaitFor(i);
            }
        }));
        Assert.True(peer.Join(s_hangGuard));
    }

    [Fact]
    public void Wake_IsNeverLost_WhenTheWakerRunsAhead()
    {
        const int Rounds = 50_000;
        var turn = new Turn();
        var waker = new Thread(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                turn.Reach(i);
            }
        })
        {
            IsBackground = true,
        };
        waker.Start();

        Assert.True(Ends(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                turn.WaitFor(i);
            }
        }));
        Assert.True(waker.Join(s_hangGuard));
    }

    [Fact]
    public void Wake_ByManyThreads_IsNeverLost()
    {
        const int Rounds = 5_000;
        const int Wakers = 3;
        var parker = new Parker();
        int reached = 0;
        var wakers = new Thread[Wakers];
        for (int i = 0; i < Wakers; i++)
        {
            wakers[i] = new Thread(() =>
            {
                for (int round = 0; round < Rounds; round++)
                {
                    Interlocked.Increment(ref reached);
                    parker.Wake();
                }
            })
            {
                IsBackground = true,
            };
            wakers[i].Start();
        }

        Assert.True(Ends(() =>
        {
            while (Volatile.Read(ref reached) < Rounds * Wakers)
            {
                parker.Announce();
                if (Volatile.Read(ref reached) < Rounds * Wakers)
                {
                    parker.Park(Timeout.InfiniteTimeSpan);
                }
                else
                {
                    parker.Withdraw();
                }
            }
        }));
        foreach (Thread waker in wakers)
        {
            Assert.True(waker.Join(s_hangGuard));
        }
    }

    private static bool Ends(ThreadStart body)
    {
        var thread = new Thread(body) { IsBackground = true };
        thread.Start();
        return thread.Join(s_hangGuard);
    }

    /// <summary>A number that one thread raises and another sleeps for.</summary>
    private sealed class Turn
    {
        private readonly Parker _parker = new();
        private int _value;

        public void Reach(int value)
        {
            Volatile.Write(ref _value, value);
            _parker.Wake();
        }

        public void WaitFor(int value)
        {
            while (Volatile.Read(ref _value) < value)
            {
                _parker.Announce();
                if (Volatile.Read(ref _value) < value)
                {
                    _parker.Park(Timeout.InfiniteTimeSpan);
                }
                else
                {
                    _parker.Withdraw();
                }
            }
        }
    }
}
