using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using FsCheck.Xunit;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.EndToEnd;

/// <summary>Suspends, resumes, writes, reads and power cycles in any order, host and device stepped in any order. One seed is one run.</summary>
public class SuspendPropertyTests
{
    [Property(MaxTest = 100)]
    public void WhateverIsAskedInWhateverOrder_EveryMessageComesBackAndEveryRequestEnds(int seed)
    {
        var random = new Random(seed);
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        var expected = new Queue<byte[]>();
        var partial = new List<byte>();
        var requests = new List<Task>();
        for (int step = 0; step < 1500; step++)
        {
            Step(pair, channel, random, expected, partial, requests);
        }

        requests.Add(pair.Controller.ResumeAsync());
        foreach (Task request in requests)
        {
            Finish(pair, request);
        }

        // A start that met its stop was refused.
        pair.Run(channel.StartAsync());
        for (int idle = 0; expected.Count > 0 && idle < 10_000; idle++)
        {
            _ = pair.Step();
            Receive(channel, expected, partial);
        }

        Assert.Empty(expected);
        Assert.Empty(partial);
        Assert.Equal(0, channel.OutstandingBuffers);
        Assert.Equal(0ul, pair.Controller.Counters.IgnoredEvents);
        Assert.Equal(0ul, pair.Controller.Counters.LateCommandCompletions);
        Assert.All(Enum.GetValues<HostViolation>(), violation => Assert.Equal(0, pair.Modem.Endpoint.CountOf(violation)));
        pair.Run(random.Next(2) == 0 ? channel.CloseAsync() : pair.Controller.SuspendAsync());
        pair.Run(pair.Controller.PowerDownAsync());
    }

    private static void Step(
        SteppedPair pair,
        MhiDuplexChannel<SmallLoopback> channel,
        Random random,
        Queue<byte[]> expected,
        List<byte> partial,
        List<Task> requests)
    {
        switch (random.Next(20))
        {
            case 0:
                requests.Add(pair.Controller.SuspendAsync());
                break;
            case 1 when random.Next(3) == 0:
                requests.Add(pair.Controller.ResumeAsync());
                break;
            case 2 when random.Next(20) == 0:
                requests.Add(channel.StopAsync());
                requests.Add(channel.StartAsync());
                break;
            case < 5:
                byte[] message = new byte[random.Next(1, random.Next(2) == 0 ? 90 : 1500)];
                random.NextBytes(message);
                if (channel.TryWrite(message) == ChannelStatus.Done)
                {
                    expected.Enqueue(message);
                }

                break;
            case < 11:
                _ = pair.Controller.Poll();
                break;
            case < 17:
                _ = pair.Modem.Poll();
                break;
            default:
                Receive(channel, expected, partial);
                break;
        }
    }

    private static void Finish(SteppedPair pair, Task request)
    {
        try
        {
            pair.Run(request);
        }
        catch (MhiException exception) when (exception.Code is MhiErrorCode.Busy or MhiErrorCode.ChannelBusy)
        {
            // A refusal is an answer.
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
}
