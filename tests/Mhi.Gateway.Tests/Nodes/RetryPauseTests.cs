using System;
using System.Linq;
using Mhi.Gateway.Nodes;
using Xunit;

namespace Mhi.Gateway.Tests.Nodes;

public sealed class RetryPauseTests
{
    [Fact]
    public void Pauses_DoubleUpToTheLongest()
    {
        var pause = new RetryPause();
        Assert.Equal([250, 500, 1000, 2000, 4000, 8000, 8000, 8000], Enumerable.Range(0, 8).Select(_ => pause.Take().TotalMilliseconds));
    }

    [Fact]
    public void Reset_AfterAStayThatWasTooShort_ChangesNothing()
    {
        var pause = new RetryPause();
        _ = pause.Take();
        pause.Reset(RetryPause.Longest - TimeSpan.FromTicks(1));
        Assert.Equal(2 * RetryPause.Shortest, pause.Take());
        pause.Reset(RetryPause.Longest);
        Assert.Equal(RetryPause.Shortest, pause.Take());
    }
}
