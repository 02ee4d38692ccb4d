using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Several readers of one node.</summary>
public class ReadersTests
{
    [Fact]
    [Trait("Category", "Slow")]
    [UciClause(53, "Among concurrent readers every byte goes to exactly one of them and nobody fails for losing a race.")]
    public void UCI_053_EveryPacketGoesToExactlyOneReader()
    {
        const int Readers = 16;
        const int Packets = 100_000;
        using var bed = new UciBed(elements: 64);
        byte[] taken = new byte[Packets];
        int count = 0;
        using var all = new CancellationTokenSource();
        Task[] readers =
        [
            .. Enumerable.Range(0, Readers).Select(reader => Task.Factory.StartNew(
                () =>
                {
                    using UciHandle handle = bed.Open();
                    byte[] buffer = new byte[16];
                    while (count != Packets)
                    {
                        try
                        {
                            // Half of them lose in the fast path, half in line.
                            int length = reader % 2 == 0
                                ? handle.Read(buffer, null, all.Token)
                                : handle.Receive(buffer, null, all.Token).Count;
                            Assert.Equal(4, length);
                        }
                        catch (UciCanceledException)
                        {
                            break;
                        }

                        taken[BitConverter.ToInt32(buffer)]++;
                        if (Interlocked.Increment(ref count) == Packets)
                        {
                            all.Cancel();
                        }
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        using UciHandle keeper = bed.Open();
        for (int i = 0; i < Packets; i++)
        {
            bed.Device.Send(BitConverter.GetBytes(i));
        }

        // One that has failed took a packet with it, and the others would wait for that one for ever.
        bool isOver = SpinWait.SpinUntil(() => Volatile.Read(ref count) == Packets || readers.Any(static reader => reader.IsFaulted), DefBed.Stress);
        all.Cancel();
        Task ended = Task.WhenAll(readers);
        ReceiveBed.Until(() => ended.IsCompleted);
        Assert.Null(ended.Exception);
        Assert.True(isOver, $"{count} of {Packets} packets were read");
        Assert.All(taken, static times => Assert.Equal(1, times));
        Assert.Equal(0, bed.Node.Counters.Waiters);
    }

    [Fact]
    [UciClause(54, "No reader stays asleep while an unread byte exists, a partly read packet included.")]
    public void UCI_054_RestOfAPacketWakesTheNextReader()
    {
        using var bed = new ReceiveBed();
        using UciHandle other = bed.Open();
        for (int round = 0; round < 200; round++)
        {
            byte[] packet = ReceiveBed.Bytes(10, round);
            byte[] first = new byte[5];
            byte[] second = new byte[5];
            Task<int> a = bed.Block(() => bed.Handle.Read(first));
            Task<int> b = round % 2 == 0 ? bed.Block(() => other.Read(second)) : other.ReadAsync(second).AsTask();
            bed.Arrive(packet);
            Assert.Equal(5, ReceiveBed.Soon(a));
            Assert.Equal(5, ReceiveBed.Soon(b));
            IEnumerable<byte> both = first[0] == packet[0] ? first.Concat(second) : second.Concat(first);
            Assert.Equal(packet, both);
        }
    }

    [Fact]
    [UciClause(54, "No reader stays asleep while an unread byte exists, a partly read packet included.")]
    public void UCI_054_RestOfAPacketWakesAPoll()
    {
        using var bed = new ReceiveBed();
        using UciHandle other = bed.Open();
        byte[] buffer = new byte[10];
        for (int round = 0; round < 2000; round++)
        {
            // The poll begins while the reader moves the packet from the backlog to its own place.
            bed.Arrive(ReceiveBed.Bytes(10, round));
            Task<UciPollEvents> polling = Task.Run(() => other.Poll(UciPollEvents.In));
            Assert.Equal(4, bed.Handle.Read(buffer.AsSpan(0, 4), UciBed.Long));
            Assert.Equal(UciPollEvents.In, ReceiveBed.Soon(polling));
            Assert.Equal(6, bed.Handle.Read(buffer, UciBed.Long));
        }
    }

    [Fact]
    [UciClause(55, "Waiting readers are served in arrival order.")]
    public void UCI_055_ReadersAreServedInTheOrderTheyCame()
    {
        using var bed = new ReceiveBed();
        using UciHandle other = bed.Open();
        byte[][] buffers = [new byte[8], new byte[8], new byte[8]];
        for (int round = 0; round < 1000; round++)
        {
            // Each is in line when its call returns.
            Task<int>[] waiting =
            [
                .. buffers.Select((buffer, i) => (i == 1 ? other : bed.Handle).ReadAsync(buffer).AsTask()),
            ];
            Assert.All(waiting, static task => Assert.False(task.IsCompleted));
            bed.Arrive([0], [1, 1], [2, 2, 2]);
            for (int i = 0; i < waiting.Length; i++)
            {
                Assert.Equal(i + 1, ReceiveBed.Soon(waiting[i]));
                Assert.Equal(i, buffers[i][0]);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(55, "Waiting readers are served in arrival order.")]
    public void UCI_055_BlockedReadersAreServedInTheOrderTheyCame(bool isMixed)
    {
        using var bed = new ReceiveBed();
        using UciHandle other = bed.Open();
        UciDirection line = bed.Handle.Session.Downlink!;
        byte[][] buffers = [new byte[8], new byte[8], new byte[8], new byte[8]];
        var waiting = new Task<int>[buffers.Length];
        for (int round = 0; round < 100; round++)
        {
            for (int i = 0; i < waiting.Length; i++)
            {
                UciHandle handle = i % 2 == 0 ? bed.Handle : other;
                byte[] buffer = buffers[i];
                waiting[i] = isMixed && (i + round) % 2 == 0
                    ? handle.ReadAsync(buffer).AsTask()
                    : Task.Factory.StartNew(() => handle.Read(buffer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

                // The first has the turn, and the others a place behind it.
                ReceiveBed.Until(() => line.Waiter is not null && line.Turn.Count == i);
            }

            bed.Arrive([0], [1, 1], [2, 2, 2]);
            bed.Arrive([3, 3, 3, 3]);
            for (int i = 0; i < waiting.Length; i++)
            {
                Assert.Equal(i + 1, ReceiveBed.Soon(waiting[i]));
                Assert.Equal(i, buffers[i][0]);
            }
        }
    }

    [Fact]
    [UciClause(55, "Waiting readers are served in arrival order.")]
    public void UCI_055_WhoComesLaterDoesNotOvertakeWhoWaits()
    {
        using var bed = new ReceiveBed();
        byte[] first = new byte[8];
        byte[] second = new byte[8];
        Task<int> waiting = bed.Handle.ReadAsync(first).AsTask();
        Assert.Equal(UciStatus.WouldBlock, bed.Handle.TryRead(second, out _));
        Task<int> later = bed.Handle.ReadAsync(second).AsTask();
        bed.Arrive([1], [2]);
        Assert.Equal(1, ReceiveBed.Soon(waiting));
        Assert.Equal(1, ReceiveBed.Soon(later));
        Assert.Equal((1, 2), (first[0], second[0]));
    }
}
