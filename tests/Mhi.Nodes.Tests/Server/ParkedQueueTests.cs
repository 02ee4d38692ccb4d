using System.Collections.Generic;
using Mhi.Nodes.Server;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class ParkedQueueTests
{
    private const int Length = 100_000;

    [Fact]
    public void Queue_CountsWhatItKeeps()
    {
        var queue = new ParkedQueue();
        List<ParkedRequest> parked = Fill(queue, 3);
        Assert.Equal(3 * Length, queue.KeptBytes);
        queue.Remove(parked[1]);
        Assert.Equal(2 * Length, queue.KeptBytes);
        Assert.Same(parked[0], queue.First);
        Assert.Same(parked[2], parked[0].Next);
    }

    [Fact]
    public void Queue_ThatWasLong_HoldsLittleMemory()
    {
        var queue = new ParkedQueue();
        Fill(queue, 200).ForEach(queue.Remove);
        Assert.Equal(0, queue.KeptBytes);
        Assert.InRange(queue.UnusedBytes, Length, 2 << 20);
        queue.Shrink();
        Assert.Equal(0, queue.UnusedBytes);
    }

    [Fact]
    public void Request_ThatHasLeft_IsUsedAgainWithItsMemory()
    {
        var queue = new ParkedQueue();
        ParkedRequest parked = Fill(queue, 1)[0];
        queue.Remove(parked);
        Assert.Same(parked, queue.Take());
        Assert.Equal(Length, parked.Data.Length);
        Assert.NotSame(parked, queue.Take());
    }

    private static List<ParkedRequest> Fill(ParkedQueue queue, int count)
    {
        var parked = new List<ParkedRequest>();
        for (int i = 0; i < count; i++)
        {
            ParkedRequest request = queue.Take();
            request.Keep(new byte[Length]);
            queue.Add(request);
            parked.Add(request);
        }

        return parked;
    }
}
