using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Interop.Tests.Threading;

public class HandoffRingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-4)]
    public void Create_WhenCapacityIsNoPowerOfTwo_Throws(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HandoffRing<int>(capacity));

    [Fact]
    public void TryPush_UsesTheFullCapacityAndThenRefuses()
    {
        var ring = new HandoffRing<int>(4);
        for (int i = 0; i < 4; i++)
        {
            Assert.True(ring.TryPush(i));
        }

        Assert.False(ring.TryPush(99));
        Assert.True(ring.TryPop(out int first));
        Assert.Equal(0, first);
        Assert.True(ring.TryPush(4));
        Assert.False(ring.TryPush(99));
    }

    [Fact]
    public void TryPop_WhenEmpty_ReturnsFalse()
    {
        var ring = new HandoffRing<int>(2);
        Assert.False(ring.TryPop(out _));
    }

    [Fact]
    public void TryPeek_LeavesTheItemUntilItIsAdvancedOver()
    {
        var ring = new HandoffRing<int>(2);
        Assert.False(ring.TryPeek(out _));
        Assert.True(ring.TryPush(7));
        Assert.True(ring.TryPush(8));
        Assert.True(ring.TryPeek(out int item));
        Assert.Equal(7, item);
        Assert.Equal(2u, ring.Count);
        ring.Advance(1);
        Assert.True(ring.TryPeek(out item));
        Assert.Equal(8, item);
        ring.Advance(1);
        Assert.False(ring.TryPeek(out _));
    }

    [Fact]
    public void PushMany_TakesWhatFitsAndWraps()
    {
        var ring = new HandoffRing<int>(8);
        Assert.Equal(5, ring.PushMany([0, 1, 2, 3, 4]));
        Span<int> taken = stackalloc int[8];
        Assert.Equal(3, ring.PopMany(taken[..3]));
        Assert.Equal(6, ring.PushMany([5, 6, 7, 8, 9, 10, 11]));
        Assert.Equal(8, ring.PopMany(taken));
        Assert.True(taken.SequenceEqual([3, 4, 5, 6, 7, 8, 9, 10]));
        Assert.Equal(0, ring.PopMany(taken));
    }

    [Fact]
    public void Stage_IsInvisibleUntilPublished()
    {
        var ring = new HandoffRing<int>(4);
        ring.Stage(0, 10);
        ring.Stage(1, 11);
        Assert.Equal(0u, ring.CountForConsumer);
        ring.Publish(2);
        Assert.Equal(2u, ring.CountForConsumer);
        Assert.Equal(10, ring.Peek(0));
        Assert.Equal(11, ring.Peek(1));
        ring.Advance(2);
        Assert.Equal(0u, ring.CountForConsumer);
    }

    [Fact]
    public async Task TwoThreads_SeeEveryItemOnceAndInOrder()
    {
        const int Total = 1_000_000;
        var ring = new HandoffRing<long>(64);
        Task producer = Task.Run(() =>
        {
            Span<long> batch = stackalloc long[7];
            for (long next = 0; next < Total;)
            {
                if (next % 3 == 0)
                {
                    next += ring.TryPush(next) ? 1 : 0;
                    continue;
                }

                int count = (int)Math.Min(batch.Length, Total - next);
                for (int i = 0; i < count; i++)
                {
                    batch[i] = next + i;
                }

                next += ring.PushMany(batch[..count]);
                Thread.Yield();
            }
        });
        long expected = 0;
        long[] taken = new long[5];
        while (expected < Total)
        {
            int count = ring.PopMany(taken);
            for (int i = 0; i < count; i++)
            {
                if (taken[i] != expected++)
                {
                    Assert.Fail($"{taken[i]} came where {expected - 1} was due");
                }
            }

            if (count == 0)
            {
                Thread.Yield();
            }
        }

        await producer;
    }
}
