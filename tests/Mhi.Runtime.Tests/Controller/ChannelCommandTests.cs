using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

public class ChannelCommandTests
{
    [Fact]
    public void Open_StartsUplinkThenDownlinkAndPostsEveryReceiveBuffer()
    {
        using var host = ScriptedHost.InMissionMode();
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        var first = Assert.Single(host.Device.TakeCommands());
        Assert.Equal((ElementType.StartChannel, (byte)0), (first.Element.Type, first.Element.Channel));
        ChannelContext uplink = host.Device.Channel(0);
        Assert.Equal(ChannelContext.Pack(ChannelState.Enabled, BurstMode.Disabled), uplink.Configuration);
        Assert.Equal((ChannelType.Outbound, 0u, 512ul), (uplink.Type, uplink.EventRing, uplink.RingLength));
        Assert.Equal(0ul, uplink.RingBase % 512);
        Assert.Equal((uplink.RingBase, uplink.RingBase), (uplink.ReadPointer, uplink.WritePointer));

        host.Device.Post(0, RingElement.CommandEvent(first.Address, CompletionCode.Success));
        _ = host.Controller.Poll();
        var second = Assert.Single(host.Device.TakeCommands());
        Assert.Equal((ElementType.StartChannel, (byte)1), (second.Element.Type, second.Element.Channel));
        Assert.Equal(0ul, host.Device.ChannelDoorbell(1));
        host.Device.Post(0, RingElement.CommandEvent(second.Address, CompletionCode.Success));
        _ = host.Controller.Poll();

        host.Settle(opening);
        ChannelContext downlink = host.Device.Channel(1);
        Assert.Equal(downlink.RingBase + (31 * 16), downlink.WritePointer);
        Assert.Equal(downlink.WritePointer, host.Device.ChannelDoorbell(1));
        Assert.All(Enumerable.Range(0, 31), i =>
        {
            RingElement element = host.Device.Element(downlink.RingBase + (ulong)(i * 16));
            Assert.Equal(0x00020200u, element.Word1);
            Assert.Equal(100, element.TransferLength);
            Assert.Equal(100, host.Device.Dma(element.Address, 100).Length);
        });
    }

    [Fact]
    public void Open_OfABurstChannel_SetsModeAndModeration()
    {
        using var host = ScriptedHost.InMissionMode();
        _ = host.Open<HardwareData>();
        ChannelContext downlink = host.Device.Channel(101);
        Assert.Equal(ChannelContext.Pack(ChannelState.Enabled, BurstMode.Enabled), downlink.Configuration);
        Assert.Equal(3u, downlink.EventRing);
        Assert.Equal(0x00020600u, host.Device.Element(downlink.RingBase).Word1);
    }

    [Fact]
    public void Open_WithBurstModeSwitchedOff_DoesNotAskForIt()
    {
        using var host = ScriptedHost.InMissionMode(new MhiControllerOptions { UseBurstMode = false });
        _ = host.Open<HardwareData>();
        Assert.Equal(ChannelContext.Pack(ChannelState.Enabled, BurstMode.Disabled), host.Device.Channel(100).Configuration);
    }

    [Theory]
    [InlineData(0, "START of channel 0 (LOOPBACK, uplink)")]
    [InlineData(1, "START of channel 1 (LOOPBACK, downlink)")]
    public async Task Open_WhenStartIsNotAnswered_NamesCommandAndChannel(int answered, string words)
    {
        using var host = ScriptedHost.InMissionMode();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        for (int i = 0; i < answered; i++)
        {
            _ = host.Device.AnswerCommands();
            _ = host.Controller.Poll();
        }

        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => opening);
        Assert.Equal(MhiErrorCode.CommandTimedOut, exception.Code);
        Assert.Equal("LOOPBACK", exception.Channel);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Contains("20 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhenStartIsRefused_ResetsAndFreesTheChannel()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        _ = host.Device.AnswerCommands(CompletionCode.UndefinedError);
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => opening);
        Assert.Equal(MhiErrorCode.CommandRefused, exception.Code);
        Assert.Contains("0x10", exception.Message, StringComparison.Ordinal);
        host.Settle(Task.CompletedTask);
        Assert.Equal(regions, host.Device.LiveRegions);
        _ = host.Open<SmallLoopback>();
    }

    [Fact]
    public async Task Open_OfAnUnknownChannel_SaysSo()
    {
        using var host = ScriptedHost.InMissionMode();
        Task opening = ChannelConnection.OpenAsync<UnknownChannel>(host.Controller);
        _ = host.Controller.Poll();
        var exception = await Assert.ThrowsAsync<MhiException>(() => opening);
        Assert.Equal(MhiErrorCode.ChannelNotFound, exception.Code);
        Assert.Contains("foxconn-t99w175", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_BeforePowerUp_SaysSo()
    {
        using var host = new ScriptedHost();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.NotPoweredUp, (await Assert.ThrowsAsync<MhiException>(() => opening)).Code);
    }

    [Fact]
    public async Task Open_Twice_IsRefusedAndTheFirstGoesOn()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task again = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.ChannelBusy, (await Assert.ThrowsAsync<MhiException>(() => again)).Code);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
    }

    [Fact]
    public async Task Open_Cancelled_LeavesTheChannelClosed()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        using var cancel = new System.Threading.CancellationTokenSource();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller, cancel.Token);
        _ = host.Controller.Poll();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        for (int i = 0; i < 1000 && host.Device.LiveRegions != regions; i++)
        {
            _ = host.Controller.Poll();
            _ = host.Device.AnswerCommands();
            await Task.Yield();
        }

        Assert.Equal(regions, host.Device.LiveRegions);
    }

    [Fact]
    public void Close_ResetsDownlinkThenUplinkAndFreesTheMemory()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        var channel = host.Open<SmallLoopback>();
        Task closing = channel.CloseAsync(TimeSpan.Zero);
        _ = host.Controller.Poll();
        var first = Assert.Single(host.Device.TakeCommands());
        Assert.Equal((ElementType.ResetChannel, (byte)1), (first.Element.Type, first.Element.Channel));
        host.Device.Post(0, RingElement.CommandEvent(first.Address, CompletionCode.Success));
        _ = host.Controller.Poll();
        var second = Assert.Single(host.Device.TakeCommands());
        Assert.Equal((ElementType.ResetChannel, (byte)0), (second.Element.Type, second.Element.Channel));
        host.Device.Post(0, RingElement.CommandEvent(second.Address, CompletionCode.Success));
        host.Settle(closing);
        Assert.Equal(regions, host.Device.LiveRegions);
        Assert.Equal(ChannelStatus.Down, channel.TryWrite([1]));
        Assert.Equal(ChannelStatus.Down, channel.TryRead(new byte[1], out _));
    }

    [Fact]
    public void Close_WhenResetIsNotAnswered_KeepsTheMemoryUntilTheDeviceIsStopped()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        var channel = host.Open<SmallLoopback>();
        Task closing = channel.CloseAsync(TimeSpan.Zero);
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        host.Settle(closing);
        Assert.Equal(regions + 1, host.Device.LiveRegions);
        host.Settle(host.Controller.PowerDownAsync());
        _ = host.Controller.Poll();
        Assert.Equal(0, host.Device.LiveRegions);
    }

    [Fact]
    public void Close_WithAPacketOnLease_KeepsTheMemoryUntilItIsGivenBack()
    {
        using var host = ScriptedHost.InMissionMode();
        int regions = host.Device.LiveRegions;
        var channel = host.Open<SmallLoopback>();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, 5, 1));
        _ = host.Controller.Poll();
        Assert.Equal(ChannelStatus.Done, channel.TryReceive(out ReceivedPacket packet));
        host.Settle(channel.CloseAsync(TimeSpan.Zero));
        Assert.Equal(regions + 1, host.Device.LiveRegions);
        Assert.Equal(5, packet.Bytes.Length);
        Assert.Equal(0, packet.Bytes[4]);
        packet.Dispose();
        _ = host.Controller.Poll();
        Assert.Equal(regions, host.Device.LiveRegions);
    }

    [Fact]
    public void StopAndStart_PauseTheChannelAndKeepItsData()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task stopping = channel.StopAsync();
        _ = host.Controller.Poll();
        Assert.Equal(ElementType.StopChannel, host.Device.Element(host.Device.Command().RingBase + 32).Type);
        host.Settle(stopping);

        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1, 2, 3]));
        _ = host.Controller.Poll();
        ChannelContext paused = host.Device.Channel(0);
        Assert.Equal(paused.RingBase, paused.WritePointer);

        host.Settle(channel.StartAsync());
        _ = host.Controller.Poll();
        Assert.Equal(paused.RingBase + 16, host.Device.ChannelDoorbell(0));
    }

    [Fact]
    public void LateCompletion_ChangesNothingAndIsCounted()
    {
        using var host = ScriptedHost.InMissionMode();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        var start = Assert.Single(host.Device.TakeCommands());
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        Assert.True(((IAsyncResult)opening).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        host.Device.Post(0, RingElement.CommandEvent(start.Address, CompletionCode.Success));
        host.Device.Post(0, RingElement.CommandEvent(start.Address, CompletionCode.Success));
        host.Device.Post(0, RingElement.CommandEvent(0xdead_0000, CompletionCode.Success));
        _ = host.Controller.Poll();
        Assert.Equal(3ul, host.Controller.Counters.LateCommandCompletions);
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
    }
}
