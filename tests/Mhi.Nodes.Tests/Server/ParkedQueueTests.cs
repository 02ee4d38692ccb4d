using System.Collections.Generic;
using Mhi.Nodes.Server;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class ParkedQueueTests
{
    private const int Length = 1 << 17;

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
        Assert.Same(parked, queue.Take(Length));
        Assert.Equal(Length, parked.Data.Length);
        Assert.NotSame(parked, queue.Take(Length));
    }

    [Fact]
    public void SmallRequest_AfterALargeOne_HoldsLittleAndLeavesTheLargeMemory()
    {
        var queue = new ParkedQueue();
        ParkedRequest large = Park(queue, 1 << 20);
        queue.Remove(large);
        _ = Park(queue, 1);
        Assert.InRange(queue.KeptBytes, 1, 4096);
        Assert.Same(large, queue.Take((1 << 20) - 1000));
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(8192, 8192)]
    [InlineData(1 << 20, 1 << 20)]
    public void Memory_IsOfTheNextSize(int length, int memory)
    {
        Assert.Equal(memory, ParkedRequest.MemoryOf(length));
        Assert.InRange(ParkedRequest.SizeOf(length), 0, ParkedRequest.Sizes - 1);
    }

    private static List<ParkedRequest> Fill(ParkedQueue queue, int count)
    {
        var parked = new List<ParkedRequest>();
        for (int i = 0; i < count; i++)
        {
            parked.Add(Park(queue, Length));
        }

        return parked;
    }

    private static ParkedRequest Park(ParkedQueue queue, int length)
    {
        ParkedRequest request = queue.Take(length);
        request.Keep(new byte[length]);
        queue.Add(request);
        return request;
    }
}
