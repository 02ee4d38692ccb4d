using System.Threading;
using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Interop.Tests.Threading;

public sealed class EventFdSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Wait_WhenNothingIsSignalled_EndsWithTheTime(int timeoutMilliseconds)
    {
        using var first = new EventFd();
        using var second = new EventFd();

        Assert.False(new EventFdSet([first, second]).Wait(timeoutMilliseconds));
    }

    [Fact]
    public void Wait_DrainsTheMembersThatWereSignalled()
    {
        using var first = new EventFd();
        using var second = new EventFd();
        using var third = new EventFd();
        var set = new EventFdSet([first, second, third]);
        first.Signal();
        third.Signal();

        Assert.True(set.Wait(-1));

        Assert.False(first.Drain());
        Assert.False(third.Drain());
        Assert.False(set.Wait(0));
        Assert.Equal(1, set.CountSignals(0));
        Assert.Equal(0, set.CountSignals(1));
        Assert.Equal(1, set.CountSignals(2));
    }

    [Fact]
    public void Wait_OfAnEmptySet_EndsWithTheTime() => Assert.False(new EventFdSet([]).Wait(0));

    [Fact]
    public void Wait_WithoutLimit_EndsWhenAnotherThreadSignals()
    {
        const int Rounds = 2_000;
        using var request = new EventFd();
        using var answer = new EventFd();
        var answered = new EventFdSet([answer]);
        var peer = new Thread(() =>
        {
            var requested = new EventFdSet([request]);
            for (int i = 0; i < Rounds; i++)
            {
                _ = requested.Wait(-1);
                answer.Signal();
            }
        })
        {
            IsBackground = true,
        };
        peer.Start();

        int answers = 0;
        for (int i = 0; i < Rounds; i++)
        {
            request.Signal();
            answers += answered.Wait(60_000) ? 1 : 0;
        }

        peer.Join();
        Assert.Equal(Rounds, answers);
    }

    [Fact]
    public void Wait_WhenAWatchedDescriptorIsSignalled_EndsAndLeavesItSignalled()
    {
        using var member = new EventFd();
        using var watched = new EventFd();
        var set = new EventFdSet([member], [watched]);
        watched.Signal();

        Assert.True(set.Wait(-1));
        Assert.True(set.Wait(-1));
        Assert.True(set.IsWatchedSignalled);
        Assert.Equal(0, set.CountSignals(0));
        Assert.True(watched.Drain());
        Assert.False(set.Wait(0));
        Assert.False(set.IsWatchedSignalled);
    }
}
