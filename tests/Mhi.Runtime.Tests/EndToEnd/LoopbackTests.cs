using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.EndToEnd;

/// <summary>Host core and endpoint over the emulated wire.</summary>
public class LoopbackTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(3100)]
    public void Message_ComesBackWhole(int length)
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        byte[] sent = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(sent));
        byte[] received = new byte[length];
        int count = 0;
        bool ended = false;
        for (int i = 0; i < 100 && !ended; i++)
        {
            _ = pair.Step();
            while (!ended && channel.TryReceive(out ReceivedPacket packet) == ChannelStatus.Done)
            {
                packet.Bytes.CopyTo(received.AsSpan(count));
                count += packet.Bytes.Length;
                ended = packet.IsEndOfMessage;
                packet.Dispose();
            }
        }

        Assert.True(ended);
        Assert.Equal(length, count);
        Assert.Equal(sent, received);
        Assert.Equal(0, channel.OutstandingBuffers);
    }

    [Fact]
    public void Stream_OfRandomMessages_ComesBackInOrder()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        var random = new Random(20260917);
        using var sentHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var receivedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long sent = 0;
        long received = 0;
        byte[] message = new byte[3100];
        byte[] buffer = new byte[64];
        while (sent < 4_000_000 || received < sent)
        {
            if (sent < 4_000_000 && random.Next(3) != 0)
            {
                Span<byte> data = message.AsSpan(0, random.Next(1, message.Length));
                random.NextBytes(data);
                if (channel.TryWrite(data) == ChannelStatus.Done)
                {
                    sentHash.AppendData(data);
                    sent += data.Length;
                }
            }

            if (random.Next(2) == 0)
            {
                _ = pair.Controller.Poll();
            }

            if (random.Next(2) == 0)
            {
                _ = pair.Modem.Poll();
            }

            while (random.Next(8) != 0 && channel.TryRead(buffer, out int count) == ChannelStatus.Done)
            {
                receivedHash.AppendData(buffer, 0, count);
                received += count;
            }
        }

        Assert.Equal(sent, received);
        Assert.Equal(sentHash.GetHashAndReset(), receivedHash.GetHashAndReset());
    }

    [Fact]
    public void FloodThatNobodyReads_StallsAndThenAllArrives()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        int sent = 0;
        for (int idle = 0; idle < 20;)
        {
            while (channel.TryWrite([(byte)sent, (byte)(sent >> 8)]) == ChannelStatus.Done)
            {
                sent++;
            }

            idle = pair.Step() == 0 ? idle + 1 : 0;
        }

        // Receive buffers and send buffers are full, and the device holds what it could not send.
        Assert.InRange(sent, 62, 62 + 2);
        byte[] buffer = new byte[100];
        for (int received = 0; received < sent;)
        {
            if (channel.TryRead(buffer, out int count) == ChannelStatus.Done)
            {
                Assert.Equal((2, (byte)received, (byte)(received >> 8)), (count, buffer[0], buffer[1]));
                received++;
            }
            else
            {
                _ = pair.Step();
            }
        }
    }

    [Fact]
    public void BurstChannel_KeepsMovingWithoutADoorbellPerPacket()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<HardwareData>();
        for (int i = 0; i < 10_000; i++)
        {
            while (channel.TryWrite([1, 2, 3]) != ChannelStatus.Done)
            {
                _ = pair.Step();
            }

            if (i % 3000 == 0)
            {
                // Long enough without work for the device to leave its polling and ask for a doorbell.
                for (int idle = 0; idle < 100_000 && channel.OutstandingBuffers != 0; idle++)
                {
                    _ = pair.Step();
                }

                Assert.Equal(0, channel.OutstandingBuffers);
            }
        }
    }

    [Fact]
    public void AtPort_Answers()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<Dun>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite("AT+CPIN?\r"u8));
        var answer = new StringBuilder();
        byte[] buffer = new byte[4096];
        for (int i = 0; i < 100 && !answer.ToString().Contains("OK\r\n", StringComparison.Ordinal); i++)
        {
            _ = pair.Step();
            while (channel.TryRead(buffer, out int count) == ChannelStatus.Done)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }

        Assert.Contains("+CPIN: READY", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CloseAndReopen_GivesAFreshChannelEveryTime()
    {
        using var pair = SteppedPair.InMissionMode();
        for (int i = 0; i < 50; i++)
        {
            var channel = pair.Open<SmallLoopback>();
            for (int n = 0; n < i; n++)
            {
                _ = channel.TryWrite([(byte)n]);
                _ = pair.Step();
            }

            pair.Run(channel.CloseAsync(TimeSpan.Zero));
        }

        var last = pair.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.WouldBlock, last.TryRead(new byte[10], out _));
        Assert.All(Enum.GetValues<HostViolation>(), violation => Assert.Equal(0, pair.Modem.Endpoint.CountOf(violation)));
    }

    [Fact]
    public void PowerCycle_BringsTheDeviceBack()
    {
        using var pair = SteppedPair.InMissionMode();
        for (int i = 0; i < 10; i++)
        {
            var channel = pair.Open<SmallLoopback>();
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
            pair.Run(pair.Controller.PowerDownAsync());
            Assert.Equal(ChannelStatus.Down, channel.TryWrite([1]));
            pair.Run(channel.CloseAsync());
            pair.Run(pair.Controller.PowerUpAsync());
        }
    }

    [Fact]
    public async Task Threads_BlockingWriterAndReader_MoveEveryByte()
    {
        using var modem = new EmulatedModem();
        modem.Start();
        using var controller = MhiController.Create(modem.Function, KnownProfiles.FoxconnT99W175);
        using var loop = MhiEventLoop.Start(controller);
        await controller.PowerUpAsync();
        await using var channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
        byte[] data = RandomNumberGenerator.GetBytes(16 << 20);
        Task<byte[]> reading = Task.Run(() =>
        {
            byte[] received = new byte[data.Length];
            for (int count = 0; count < received.Length;)
            {
                count += channel.Read(received.AsSpan(count), TimeSpan.FromSeconds(60));
            }

            return received;
        });
        Task writing = Task.Run(() =>
        {
            for (int offset = 0; offset < data.Length; offset += 10_000)
            {
                ReadOnlySpan<byte> message = data.AsSpan(offset, Math.Min(10_000, data.Length - offset));
                Assert.Equal(message.Length, channel.Write(message, TimeSpan.FromSeconds(60)));
            }

            channel.Flush(TimeSpan.FromSeconds(60));
        });
        await writing;
        byte[] echoed = await reading;
        Assert.True(data.AsSpan().SequenceEqual(echoed));
        await controller.PowerDownAsync();
    }

    [Fact]
    public async Task Threads_AsyncPingPong_NeverLosesAWakeUp()
    {
        using var modem = new EmulatedModem();
        modem.Start();
        using var controller = MhiController.Create(modem.Function, KnownProfiles.FoxconnT99W175);

        // No idle polls: the loop parks after every piece of work, which is where a wake-up could be lost.
        using var loop = MhiEventLoop.Start(controller, new MhiEventLoopOptions { IdlePolls = 0 });
        await controller.PowerUpAsync();
        await using var channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        byte[] reply = new byte[8];
        for (int i = 0; i < 3000; i++)
        {
            byte[] message = BitConverter.GetBytes((long)i);
            Assert.Equal(8, await channel.WriteAsync(message, limit.Token));
            Assert.Equal(8, await channel.ReadAsync(reply, limit.Token));
            Assert.Equal(message, reply);
        }
    }

    [Fact]
    public async Task Threads_CloseEndsABlockedReadAndWrite()
    {
        using var modem = new EmulatedModem();
        modem.Start();
        using var controller = MhiController.Create(modem.Function, KnownProfiles.FoxconnT99W175);
        using var loop = MhiEventLoop.Start(controller);
        await controller.PowerUpAsync();
        for (int i = 0; i < 50; i++)
        {
            var channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
            Task reading = Task.Run(() => channel.Read(new byte[10]));
            Task pending = channel.WaitToWriteAsync().AsTask();
            await channel.CloseAsync(TimeSpan.Zero);
            await Assert.ThrowsAsync<MhiException>(() => reading.WaitAsync(TimeSpan.FromSeconds(30)));
            await pending.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private readonly struct Dun : IChannelDefinition
    {
        public static string Name => "DUN";

        public static int Mtu => 0x1000;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => 0;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }
}
