using System;
using System.Collections.Generic;
using Mhi.Channels;
using Mhi.Endpoint;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.EndToEnd;

/// <summary>
/// Host, endpoint and client in one thread, their steps interleaved by a seed: writes, reads, leases, pauses, closes and
/// power cycles. Every message must come back whole and in order until its channel is closed.
/// </summary>
public class SeededScenarioTests
{
    [Theory]
    [InlineData(20261122)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Interleaving_LosesNothing(int seed)
    {
        var random = new Random(seed);
        using var pair = SteppedPair.InMissionMode();
        for (int round = 0; round < 6; round++)
        {
            var channel = pair.Open<SmallLoopback>();
            var expected = new Queue<byte[]>();
            var partial = new List<byte>();
            for (int step = 0; step < 3000; step++)
            {
                Step(pair, channel, random, expected, partial);
            }

            // Everything that is still under way arrives.
            for (int idle = 0; expected.Count > 0 && idle < 10_000; idle++)
            {
                _ = pair.Step();
                Receive(channel, expected, partial);
            }

            Assert.Empty(expected);
            Assert.Empty(partial);
            End(pair, channel, random);
        }

        Assert.Equal(0ul, pair.Controller.Counters.IgnoredEvents);
        Assert.Equal(0ul, pair.Controller.Counters.LateCommandCompletions);
        Assert.All(Enum.GetValues<HostViolation>(), violation => Assert.Equal(0, pair.Modem.Endpoint.CountOf(violation)));
    }

    private static void Step(
        SteppedPair pair, MhiDuplexChannel<SmallLoopback> channel, Random random, Queue<byte[]> expected, List<byte> partial)
    {
        switch (random.Next(16))
        {
            case < 4:
                byte[] message = new byte[random.Next(1, random.Next(2) == 0 ? 90 : 1500)];
                random.NextBytes(message);
                if (channel.TryWrite(message) == ChannelStatus.Done)
                {
                    expected.Enqueue(message);
                }

                break;
            case < 9:
                _ = pair.Controller.Poll();
                break;
            case < 13:
                _ = pair.Modem.Poll();
                break;
            case 13 when random.Next(60) == 0:
                pair.Run(channel.StopAsync());
                _ = channel.TryRent(out UplinkBuffer unused);
                unused.Dispose();
                pair.Run(channel.StartAsync());
                break;
            default:
                Receive(channel, expected, partial);
                break;
        }
    }

    private static void Receive(MhiDuplexChannel<SmallLoopback> channel, Queue<byte[]> expected, List<byte> partial)
    {
        if (channel.TryReceive(out ReceivedPacket packet) != ChannelStatus.Done)
        {
            return;
        }

        partial.AddRange(packet.Bytes);
        if (packet.IsEndOfMessage)
        {
            Assert.Equal(expected.Dequeue(), partial);
            partial.Clear();
        }

        packet.Dispose();
    }

    private static void End(SteppedPair pair, MhiDuplexChannel<SmallLoopback> channel, Random random)
    {
        if (random.Next(2) == 0)
        {
            pair.Run(pair.Controller.PowerDownAsync());
            pair.Run(channel.CloseAsync());
            pair.Run(pair.Controller.PowerUpAsync());
        }
        else
        {
            pair.Run(channel.CloseAsync());
        }
    }
}
