using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using FsCheck.Xunit;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>A device that writes anything anywhere it can. One seed is one run.</summary>
public class HostileDevicePropertyTests
{
    [Property(MaxTest = 300)]
    public void WhateverTheDeviceWrites_TheHostStaysInOnePiece(int seed)
    {
        var random = new Random(seed);
        using var host = ScriptedHost.InMissionMode();
        var channels = new List<MhiDuplexChannel<SmallLoopback>> { host.Open<SmallLoopback>() };
        byte[] buffer = new byte[200];
        for (int step = 0; step < 300; step++)
        {
            Misbehave(host, random);
            int work = host.Controller.Poll();
            Assert.InRange(work, 0, 127 + 127 + 1023 + 1023 + 200);
            UseChannel(channels[^1], random, buffer);
            if (host.Controller.State == MhiControllerState.Failed)
            {
                Assert.NotNull(host.Controller.Failure);
                Assert.False(host.Device.IsBusMaster);
                Assert.Equal(ChannelStatus.Down, channels[^1].TryWrite([1]));
                Reopen(host, channels);
            }
            else if (channels[^1].Failure is not null)
            {
                Reopen(host, channels);
            }
        }
    }

    private static void Misbehave(ScriptedHost host, Random random)
    {
        ScriptedDevice device = host.Device;
        int ring = random.Next(4);
        switch (random.Next(12))
        {
            case 0:
                device.SetEventReadPointer(ring, device.Event(ring).RingBase + (ulong)random.NextInt64(-64, 70_000));
                break;
            case 1:
                device.Post(ring, new RingElement((ulong)random.NextInt64(), (uint)random.Next(), (uint)random.Next()));
                break;
            case 2:
                _ = device.AnswerCommands((CompletionCode)random.Next(256));
                break;
            case 3:
                random.NextBytes(device.Dma(device.Event(ring).RingBase, 16 * random.Next(1, 128)));
                break;
            case 4:
                device.Post(0, new RingElement(device.Command().RingBase + (ulong)(16 * random.Next(128)), (uint)random.Next(), 0x21_0000));
                break;
            default:
                byte number = (byte)random.Next(2);
                ulong element = device.Channel(number).RingBase + (ulong)(16 * random.Next(33));
                var code = (CompletionCode)random.Next(8);
                device.Post(0, RingElement.TransferEvent(element, code, (ushort)random.Next(300), number));
                break;
        }
    }

    private static void UseChannel(MhiDuplexChannel<SmallLoopback> channel, Random random, byte[] buffer)
    {
        _ = channel.TryWrite(buffer.AsSpan(0, random.Next(1, buffer.Length)));
        if (channel.TryReceive(out ReceivedPacket packet) == ChannelStatus.Done)
        {
            Assert.InRange(packet.Bytes.Length, 0, 100);
            packet.Dispose();
        }

        if (channel.TryRead(buffer, out int count) == ChannelStatus.Done)
        {
            Assert.InRange(count, 1, 100);
        }
    }

    private static void Reopen(ScriptedHost host, List<MhiDuplexChannel<SmallLoopback>> channels)
    {
        // Power-cycled whatever happened, because garbage may still lie in the rings.
        if (host.Controller.State != MhiControllerState.Failed)
        {
            host.Settle(host.Controller.PowerDownAsync());
        }

        Task closing = channels[^1].CloseAsync(TimeSpan.Zero);
        host.Settle(closing);
        host.PowerUp();
        channels.Add(host.Open<SmallLoopback>());
        Assert.Equal(2, host.Device.LiveRegions);
    }
}
