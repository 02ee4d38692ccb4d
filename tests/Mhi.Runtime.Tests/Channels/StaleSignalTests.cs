using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Channels;

/// <summary>
/// The poll thread signals once per batch, after it handed things over. A client may take them in between and begin to
/// wait anew: the late signal belongs to what is gone and must not end the new wait. Both threads' steps in one order.
/// </summary>
public class StaleSignalTests
{
    [Fact]
    public async Task SignalForAPacketAlreadyRead_DoesNotEndTheNextRead()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        DownlinkPort port = channel.Pair.Downlink!;
        port.Complete(CompletionCode.EndOfTransfer, 5);
        Assert.Equal(5, channel.Read(new byte[10]));
        ValueTask<int> reading = channel.ReadAsync(new byte[10]);
        port.SignalArrivals();
        Assert.False(reading.IsCompleted);

        port.Complete(CompletionCode.EndOfTransfer, 7);
        port.SignalArrivals();
        Assert.Equal(7, await reading);
    }

    [Fact]
    public async Task EmptyPacket_DoesNotEndARead_ButEndsAWaitForPackets()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<EagerLoopback>();
        DownlinkPort port = channel.Pair.Downlink!;
        ValueTask<int> reading = channel.ReadAsync(new byte[10]);
        port.Complete(CompletionCode.EndOfTransfer, 0);
        port.SignalArrivals();
        Assert.False(reading.IsCompleted);
        port.Complete(CompletionCode.EndOfTransfer, 3);
        port.SignalArrivals();
        Assert.Equal(3, await reading);

        ValueTask<bool> waiting = channel.WaitToReadAsync();
        port.Complete(CompletionCode.EndOfTransfer, 0);
        port.SignalArrivals();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task SignalForABufferAlreadyTaken_DoesNotEndTheNextWrite()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        UplinkPort port = channel.Pair.Uplink!;
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(new byte[3100]));
        _ = host.Controller.Poll();
        port.Complete(1, failed: false);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        ValueTask<int> writing = channel.WriteAsync(new byte[200]);
        port.SignalCompletions();
        Assert.False(writing.IsCompleted);

        port.Complete(1, failed: false);
        port.SignalCompletions();
        Assert.False(writing.IsCompleted);
        port.Complete(1, failed: false);
        port.SignalCompletions();
        Assert.Equal(200, await writing);
    }

    [Fact]
    public async Task SignalForAnEarlierFlush_DoesNotEndTheNext()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        UplinkPort port = channel.Pair.Uplink!;
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        port.Complete(1, failed: false);
        await channel.FlushAsync();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
        ValueTask flushing = channel.FlushAsync();
        port.SignalCompletions();
        Assert.False(flushing.IsCompleted);
        _ = host.Controller.Poll();
        port.Complete(1, failed: false);
        port.SignalCompletions();
        await flushing;
    }
}
