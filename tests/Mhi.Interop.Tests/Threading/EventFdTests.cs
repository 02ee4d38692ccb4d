using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Interop.Tests.Threading;

public sealed class EventFdTests
{
    [Fact]
    public void Drain_WhenNothingIsPending_SaysSo()
    {
        using var interrupt = new EventFd();

        Assert.False(interrupt.Drain());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Drain_TakesAllSignalsAtOnce(int signals)
    {
        using var interrupt = new EventFd();
        for (int i = 0; i < signals; i++)
        {
            interrupt.Signal();
        }

        Assert.True(interrupt.Drain());
        Assert.False(interrupt.Drain());
    }

    [Fact]
    public void Dispose_Twice_ClosesOnce()
    {
        var interrupt = new EventFd();
        Assert.False(interrupt.IsInvalid);

        interrupt.Dispose();
        interrupt.Dispose();

        Assert.True(interrupt.IsClosed);
    }

    [Fact]
    public void Signal_AfterDispose_ReachesNobodyElse()
    {
        var closed = new EventFd();
        closed.Dispose();

        // The kernel gives the lowest free number, so this one has most likely taken the number of the closed one.
        using var successor = new EventFd();
        closed.Signal();

        Assert.False(successor.Drain());
    }
}
