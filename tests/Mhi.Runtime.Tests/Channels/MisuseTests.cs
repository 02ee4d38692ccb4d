using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Channels;

/// <summary>A client that breaks the rules gets the exception; the poll thread and the next operation do not.</summary>
public class MisuseTests
{
    [Fact]
    public void OperationThatWasNeverAwaited_StopsTheNextAndNotThePollThread()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        DownlinkPort port = channel.Pair.Downlink!;
        Discard(channel.ReadAsync(new byte[10]));
        port.Complete(CompletionCode.EndOfTransfer, 5);
        port.SignalArrivals();
        Assert.Equal(5, channel.Read(new byte[10]));
        Assert.Throws<InvalidOperationException>(() => Discard(channel.ReadAsync(new byte[10])));
        port.Complete(CompletionCode.EndOfTransfer, 6);
        port.SignalArrivals();
        Assert.Equal(6, channel.Read(new byte[10]));
    }

    [Fact]
    public async Task CancelledOperationThatWasNeverAwaited_StopsTheNext()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        using var cancel = new CancellationTokenSource();
        Discard(channel.ReadAsync(new byte[10], cancel.Token));
        await cancel.CancelAsync();
        Assert.Throws<InvalidOperationException>(() => Discard(channel.ReadAsync(new byte[10])));
    }

    [Fact]
    public void ResultTakenBeforeCompletion_ThrowsAndTheOperationGoesOn()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        DownlinkPort port = channel.Pair.Downlink!;
        Task<int> reading = TakeTooEarly(channel.ReadAsync(new byte[10]));
        port.Complete(CompletionCode.EndOfTransfer, 5);
        port.SignalArrivals();
        host.Settle(reading);
        Assert.Equal(5, Result(reading));
    }

    [Fact]
    public async Task PacketAndFailureInOneBatch_ThePacketIsStillDelivered()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        ValueTask<bool> waiting = channel.WaitToReadAsync();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, 5, 1));
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        Assert.True(await waiting);
        channel.Receive().Dispose();
        Assert.False(await channel.WaitToReadAsync());
    }

    [Fact]
    public async Task UnreadPacketOfAClosedChannel_DoesNotKeepAReaderBusy()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, 5, 1));
        _ = host.Controller.Poll();
        host.Settle(channel.CloseAsync(TimeSpan.Zero));
        Assert.False(channel.CanRead);
        Assert.False(await channel.WaitToReadAsync());
        Assert.Equal(ChannelStatus.Down, channel.TryReceive(out _));
    }

    [Fact]
    public async Task BufferGivenBackUnsent_EndsAWriteThatWaitsForIt()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<EagerLoopback>();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        }

        Task<int> writing = WriteWhileLeased(channel);
        Assert.Equal(1, await writing.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task ReadinessAskedByAnotherThread_DisturbsNobody()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        using var stop = new CancellationTokenSource();
        Task watching = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = channel.CanRead;
                _ = channel.CanWrite;
            }
        });
        byte[] buffer = new byte[100];
        int sent = 0;
        int received = 0;
        while (received < 200_000)
        {
            if (channel.TryWrite([(byte)sent, (byte)(sent >> 8)]) == ChannelStatus.Done)
            {
                sent++;
            }
            else
            {
                _ = pair.Step();
            }

            while (channel.TryRead(buffer, out int count) == ChannelStatus.Done)
            {
                if (count != 2 || buffer[0] != (byte)received || buffer[1] != (byte)(received >> 8))
                {
                    Assert.Fail($"packet {received} came back wrong");
                }

                received++;
            }
        }

        await stop.CancelAsync();
        await watching;
    }

    /// <summary>
    /// A client takes a lease at the moment its channel is closed: either it gets none, or its memory stays. The sweep must
    /// see the lease of a client that was inside when it looked.
    /// </summary>
    [Fact]
    public void LeaseTakenWhileTheChannelCloses_KeepsTheMemory()
    {
        for (int round = 0; round < 2000; round++)
        {
            using var host = ScriptedHost.InMissionMode();
            var channel = host.Open<SmallLoopback>();
            UplinkPort port = channel.Pair.Uplink!;
            bool leased = false;
            using var ready = new Barrier(2);
            var client = new Thread(() =>
            {
                ready.SignalAndWait();
                leased = channel.TryRent(out _) == ChannelStatus.Done;
            });
            client.Start();
            ready.SignalAndWait();
            port.Close();
            port.Release();
            bool inUse = port.IsInUse;
            client.Join();
            Assert.True(inUse || !leased, "a lease was taken on memory that counted as free");
        }
    }

    private static void Discard(ValueTask<int> task) => _ = task;

    private static Task<int> TakeTooEarly(ValueTask<int> task)
    {
        ValueTask<int> copy = task;
        Assert.Throws<InvalidOperationException>(() => copy.GetAwaiter().GetResult());
        return task.AsTask();
    }

    private static int Result(Task<int> task) => task.GetAwaiter().GetResult();

    private static Task<int> WriteWhileLeased(MhiDuplexChannel<EagerLoopback> channel)
    {
        Assert.Equal(ChannelStatus.Done, channel.TryRent(out UplinkBuffer buffer));
        Task<int> writing = channel.WriteAsync(new byte[] { 1 }).AsTask();
        Assert.False(writing.IsCompleted);
        buffer.Dispose();
        return writing;
    }
}
