using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Allocation;

/// <summary>
/// Every member of the data path, a thousand times after a warm-up: not one managed byte. Runs under the JIT and, the
/// same source, as native code.
/// </summary>
[Collection("alone")]
public class DataPathAllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Measurement_SeesAnAllocation() =>
        Assert.Equal(Rounds * 48, MeasureBytes(static () => Sink = new byte[24]));

    [Theory]
    [InlineData(64)]
    [InlineData(0x1000)]
    [InlineData(0x3001)]
    public void TryWriteAndTryRead(int length)
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[length];
        byte[] buffer = new byte[0x1000];
        AssertNothingAllocated(() =>
        {
            Expect(channel.TryWrite(message));
            for (int left = length; left > 0;)
            {
                _ = pair.Step();
                left -= channel.TryRead(buffer, out int count) == ChannelStatus.Done ? count : 0;
            }
        });
    }

    [Fact]
    public void RentAndReceive()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        AssertNothingAllocated(() =>
        {
            Expect(channel.TryRent(out UplinkBuffer buffer));
            buffer.Bytes[0] = 1;
            Expect(buffer.Commit(1));
            ReceivedPacket packet;
            while (channel.TryReceive(out packet) != ChannelStatus.Done)
            {
                _ = pair.Step();
            }

            packet.Dispose();
            using UplinkBuffer unused = channel.Rent();
        });
    }

    [Fact]
    public void BlockingMembersThatNeedNotWait()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[100];
        AssertNothingAllocated(() =>
        {
            _ = channel.Write(message, TimeSpan.FromSeconds(1));
            while (!channel.CanRead || channel.OutstandingBuffers != 0)
            {
                _ = pair.Step();
            }

            channel.Flush(TimeSpan.FromSeconds(1));
            _ = channel.Read(message, TimeSpan.FromSeconds(1));
        });
    }

    [Fact]
    public void AsyncMembersThatNeedNotWait()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[100];
        AssertNothingAllocated(() =>
        {
            ExpectCompleted(channel.WaitToWriteAsync());
            ExpectCompleted(channel.WriteAsync(message));
            while (!channel.CanRead || channel.OutstandingBuffers != 0)
            {
                _ = pair.Step();
            }

            ExpectCompleted(channel.FlushAsync());
            ExpectCompleted(channel.WaitToReadAsync());
            ExpectCompleted(channel.ReadAsync(message));
        });
    }

    [Fact]
    public void PendingReadAsync()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[100];
        AssertNothingAllocated(() =>
        {
            ValueTask<int> reading = channel.ReadAsync(message);
            Assert.False(reading.IsCompleted);
            Expect(channel.TryWrite(message));
            while (!reading.IsCompleted)
            {
                _ = pair.Step();
            }

            ExpectCompleted(reading);
        });
    }

    [Fact]
    public void PendingWaitToReadAsync()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[100];
        AssertNothingAllocated(() =>
        {
            ValueTask<bool> waiting = channel.WaitToReadAsync();
            Expect(channel.TryWrite(message));
            while (!waiting.IsCompleted)
            {
                _ = pair.Step();
            }

            ExpectCompleted(waiting);
            Expect(channel.TryRead(message, out _));
        });
    }

    [Fact]
    public void PendingWriteAsyncAndFlushAsync()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[100];
        byte[] buffer = new byte[0x1000];
        AssertNothingAllocated(() =>
        {
            while (channel.TryWrite(message) == ChannelStatus.Done)
            {
            }

            ValueTask<bool> waiting = channel.WaitToWriteAsync();
            Assert.False(waiting.IsCompleted);
            Drain(pair, channel, buffer, waiting);
            ExpectCompleted(waiting);
            while (channel.TryWrite(message) == ChannelStatus.Done)
            {
            }

            ValueTask<int> writing = channel.WriteAsync(message);
            Assert.False(writing.IsCompleted);
            while (!writing.IsCompleted)
            {
                _ = pair.Step();
                _ = channel.TryRead(buffer, out _);
            }

            ExpectCompleted(writing);
            ValueTask flushing = channel.FlushAsync();
            Assert.False(flushing.IsCompleted);
            while (!flushing.IsCompleted)
            {
                _ = pair.Step();
                _ = channel.TryRead(buffer, out _);
            }

            ExpectCompleted(flushing);
            while (channel.TryRead(buffer, out _) == ChannelStatus.Done || pair.Step() != 0)
            {
            }
        });
    }

    [Fact]
    public void AwaitedPendingRead()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<FullLoopback>();
        byte[] message = new byte[100];
        AssertNothingAllocated(() =>
        {
            ValueTask<int> reading = ReadThroughAwait(channel, message);
            Expect(channel.TryWrite(message));
            while (!reading.IsCompleted)
            {
                // The continuation runs on the thread pool.
                _ = pair.Step();
                _ = System.Threading.Thread.Yield();
            }

            ExpectCompleted(reading);
        });
    }

    internal static object? Sink { get; set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> ReadThroughAwait(MhiDuplexChannel<FullLoopback> channel, byte[] buffer) =>
        await channel.ReadAsync(buffer).ConfigureAwait(false);

    private static void Drain(SteppedPair pair, MhiDuplexChannel<FullLoopback> channel, byte[] buffer, ValueTask<bool> until)
    {
        while (!until.IsCompleted)
        {
            _ = pair.Step();
            _ = channel.TryRead(buffer, out _);
        }
    }

    private static void Expect(ChannelStatus status)
    {
        if (status != ChannelStatus.Done)
        {
            Assert.Fail($"the operation ended with {status}");
        }
    }

    private static void ExpectCompleted<T>(ValueTask<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Assert.Fail("the operation should have completed at once");
        }

        _ = task.GetAwaiter().GetResult();
    }

    private static void ExpectCompleted(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Assert.Fail("the operation should have completed at once");
        }

        task.GetAwaiter().GetResult();
    }

    private static void AssertNothingAllocated(Action round) => Assert.Equal(0, MeasureBytes(round));

    private static long MeasureBytes(Action round)
    {
        for (int i = 0; i < 200; i++)
        {
            round();
        }

        // The fewest of several windows: the runtime itself allocates a little, once, when it recompiles a method; what an
        // operation allocates is in every window.
        long fewest = long.MaxValue;
        for (int window = 0; window < 5 && fewest != 0; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Rounds; i++)
            {
                round();
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
