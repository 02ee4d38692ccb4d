using System;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>Closing, stopping, failing and powering down while something else is under way: every task ends, nothing leaks.</summary>
public class LifeCycleTests
{
    [Fact]
    public async Task Close_WhileAFlushIsPending_EndsBoth()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        Task flushing = channel.FlushAsync().AsTask();
        Task closing = channel.CloseAsync();
        Task again = channel.CloseAsync(TimeSpan.Zero);
        _ = host.Controller.Poll();
        Assert.False(closing.IsCompleted);
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase, CompletionCode.EndOfTransfer, 1, 0));
        host.Settle(closing);
        await flushing;
        await again;
    }

    [Fact]
    public async Task Close_WaitsForQueuedDataNoLongerThanItsLinger()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        Task closing = channel.CloseAsync(TimeSpan.FromSeconds(3));
        _ = host.Controller.Poll();
        Assert.InRange(host.Controller.MillisecondsUntilDue(), 1, 3000);
        host.Time.Advance(TimeSpan.FromSeconds(2));
        _ = host.Controller.Poll();
        Assert.Equal(0, host.Device.AnswerCommands());
        host.Time.Advance(TimeSpan.FromSeconds(2));
        host.Settle(closing);
        await closing;
    }

    [Fact]
    public void PowerDown_WhileAChannelOpens_FailsTheOpenAndFreesTheName()
    {
        using var host = ScriptedHost.InMissionMode();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        _ = host.Device.AnswerCommands();
        _ = host.Controller.Poll();
        _ = host.Device.AnswerCommands();
        host.Settle(host.Controller.PowerDownAsync());
        Assert.True(((IAsyncResult)opening).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.True(opening.IsFaulted);
        Assert.Equal(0, host.Device.LiveRegions);
        host.PowerUp();
        _ = host.Open<SmallLoopback>();
    }

    [Fact]
    public void WhatTheDeviceWritesWhileShuttingDown_IsNotLookedAt()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.FinishesResets = false;
        Task done = host.Controller.PowerDownAsync();
        _ = host.Controller.Poll();
        host.Device.SetEventReadPointer(0, 0xdead_beef);
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.ShuttingDown, host.Controller.State);
        host.Device.Values[MhiRegisters.Control] = 0;
        host.Settle(done);
        Assert.Equal(MhiControllerState.Off, host.Controller.State);
    }

    [Fact]
    public async Task ChannelsLeftOpen_EndWithTheController()
    {
        var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Dispose();
        await channel.CloseAsync();
        channel.Dispose();
        Assert.Equal(0, host.Device.LiveRegions);
        Assert.Throws<ObjectDisposedException>(() => { _ = host.Controller.PowerUpAsync(); });
    }

    [Fact]
    public void Poll_AfterDispose_DoesNothing()
    {
        var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryRent(out UplinkBuffer buffer));
        host.Dispose();
        buffer.Dispose();
        Assert.Equal(0, host.Controller.Poll());
        Assert.Equal(-1, host.Controller.MillisecondsUntilDue());
    }

    [Fact]
    public async Task Stop_WhileAStartIsPending_IsRefused()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Settle(channel.StopAsync());
        Task starting = channel.StartAsync();
        Task stopping = channel.StopAsync();
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.ChannelBusy, (await Assert.ThrowsAsync<MhiException>(() => stopping)).Code);
        host.Settle(starting);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
    }

    [Theory]
    [InlineData(0xff04u, MhiErrorCode.SystemError)]
    [InlineData(0x0101u, MhiErrorCode.NotReady)]
    [InlineData(0x0000u, MhiErrorCode.NotReady)]
    [InlineData(0xffff_ffffu, MhiErrorCode.DeviceRemoved)]
    public void CheckDevice_FindsWhatNoEventSaid(uint status, MhiErrorCode code)
    {
        using var host = ScriptedHost.InMissionMode();
        host.Controller.CheckDevice();
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
        host.Device.Values[MhiRegisters.Status] = status;
        host.Controller.CheckDevice();
        Assert.Equal(code, host.Controller.Failure!.Code);
    }

    [Fact]
    public void EventLoop_NoticesAnInterruptWithoutAnEvent()
    {
        using var host = ScriptedHost.InMissionMode();
        using var loop = MhiEventLoop.Start(host.Controller, new MhiEventLoopOptions { IdlePolls = 0 });
        host.Device.Values[MhiRegisters.Status] = 0xff04;
        bool failed = SpinWait.SpinUntil(
            () =>
            {
                host.Device.Vectors[0].Raise();
                return host.Controller.State == MhiControllerState.Failed;
            },
            TimeSpan.FromSeconds(30));
        Assert.True(failed);
    }

    [Fact]
    public async Task SilentDevice_ThatHasLeft_IsReportedAsRemovedNotAsTimeOut()
    {
        using var host = ScriptedHost.InMissionMode();
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        host.Device.Values[MhiRegisters.Status] = 0xffff_ffff;
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.DeviceRemoved, (await Assert.ThrowsAsync<MhiException>(() => opening)).Code);
    }

    [Fact]
    public void M0_RearmsBurstDoorbells()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<HardwareData>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        ulong ring = host.Device.Channel(100).RingBase;
        host.Device.Post(2, RingElement.TransferEvent(ring, CompletionCode.EndOfTransfer, 1, 100));
        _ = host.Controller.Poll();
        host.Device.Post(0, RingElement.StateEvent(MhiState.M0));
        _ = host.Controller.Poll();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
        _ = host.Controller.Poll();
        Assert.Equal(ring + 32, host.Device.ChannelDoorbell(100));
    }

    [Fact]
    public void CommandRingThatIsNeverRead_FailsTheControllerAndLeaksNothing()
    {
        using var host = ScriptedHost.InMissionMode();
        for (int i = 0; i < 200 && host.Controller.State == MhiControllerState.MissionMode; i++)
        {
            _ = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
            for (int step = 0; step < 4; step++)
            {
                _ = host.Controller.Poll();
                host.Time.Advance(TimeSpan.FromSeconds(21));
            }
        }

        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Contains("command ring is full", host.Controller.Failure!.Message, StringComparison.Ordinal);
        _ = host.Controller.Poll();
        Assert.Equal(0, host.Device.LiveRegions);
    }

    [Fact]
    public void Contexts_OfChannelsThatAreNotOpen_NameNoRing()
    {
        using var host = ScriptedHost.InMissionMode();
        var untouched = host.Device.Channel(100);
        Assert.Equal(ChannelContext.Pack(ChannelState.Disabled, BurstMode.Enabled), untouched.Configuration);
        Assert.Equal((ChannelType.Outbound, 2u, 0ul), (untouched.Type, untouched.EventRing, untouched.RingBase));
        var channel = host.Open<SmallLoopback>();
        Assert.NotEqual(0ul, host.Device.Channel(1).RingBase);
        host.Settle(channel.CloseAsync(TimeSpan.Zero));
        var closed = host.Device.Channel(1);
        Assert.Equal((0ul, 0ul, 0ul, 0ul), (closed.RingBase, closed.RingLength, closed.ReadPointer, closed.WritePointer));
        Assert.Equal(ChannelContext.Pack(ChannelState.Disabled, BurstMode.Disabled), closed.Configuration);
    }

    [Fact]
    public void Doorbell_NeverRunsAheadOfTheContext()
    {
        using var host = ScriptedHost.InMissionMode();
        _ = host.Open<HardwareData>();
        ulong ring = host.Device.Channel(101).RingBase;
        host.Device.Post(3, RingElement.TransferEvent(ring, CompletionCode.EndOfTransfer, 0, 101));
        host.Device.Post(3, RingElement.TransferEvent(0, CompletionCode.DoorbellMode, 0, 101));
        host.Device.OnDoorbell = (offset, value) =>
        {
            if (offset == ScriptedDevice.ChannelDoorbells + (101 * 8))
            {
                Assert.Equal(host.Device.Channel(101).WritePointer, value);
            }
        };
        _ = host.Controller.Poll();
        Assert.Equal(ring, host.Device.ChannelDoorbell(101));
    }

    [Fact]
    public void PowerDown_AfterAFailure_ForgetsIt()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Null(host.Controller.Failure);
    }

    [Fact]
    public void PowerUp_AfterAFailure_ResetsADeviceThatIsStillInM0()
    {
        using var pair = SteppedPair.InMissionMode();
        var old = pair.Open<SmallLoopback>();

        // The host finds fault with the device; the device knows of nothing and stays in M0.
        FailHost(pair);
        Assert.Equal(MhiControllerState.Failed, pair.Controller.State);
        pair.Run(pair.Controller.PowerUpAsync());


        // The old channel stays dead and is in nobody's way.
        var channel = pair.Open<FullLoopback>();
        Assert.Equal(ChannelStatus.Down, old.TryWrite([1]));
        pair.Run(old.CloseAsync());
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([7]));
        byte[] echo = new byte[10];
        for (int i = 0; i < 100 && !channel.CanRead; i++)
        {
            _ = pair.Step();
        }

        Assert.Equal(1, channel.Read(echo));
        Assert.Equal(7, echo[0]);
    }

    [Theory]
    [InlineData(-1, 64)]
    [InlineData(0, 3)]
    [InlineData(4, 64)]
    public void Profile_ThatNoDeviceCanHave_IsRefusedAtOnce(int eventRing, int elements)
    {
        DeviceProfile good = KnownProfiles.FoxconnT99W175;
        ImmutableArray<ChannelProfile> channels = [good.Channels[0] with { EventRing = eventRing, Elements = elements }];
        using var device = new ScriptedDevice();
        var exception = Assert.Throws<ArgumentException>(() => MhiController.Create(device, good with { Channels = channels }));
        Assert.Contains("channel 0 (LOOPBACK)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_WithAChannelBeyondTheContexts_IsRefusedAtOnce()
    {
        DeviceProfile good = KnownProfiles.FoxconnT99W175;
        ImmutableArray<ChannelProfile> channels = [good.Channels[0] with { Number = 127 }];
        using var device = new ScriptedDevice();
        Assert.Throws<ArgumentException>(() => MhiController.Create(device, good with { Channels = channels }));
        Assert.Throws<ArgumentException>(() => MhiController.Create(device, good with { EventRings = [] }));
    }

    [Fact]
    public async Task Definition_WithImpossibleNumbers_IsRefusedOnTheCallersThread()
    {
        using var host = ScriptedHost.InMissionMode();
        await Assert.ThrowsAsync<ArgumentException>(() => ChannelConnection.OpenAsync<NegativePool>(host.Controller));
        Assert.Equal(0, host.Controller.Poll());
    }

    [Fact]
    public void Connection_UsedWithAnotherDefinition_IsRefusedAndClosed()
    {
        using var host = ScriptedHost.InMissionMode();
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        host.Settle(opening);
        ChannelConnection connection = Finished(opening);
        Assert.Throws<ArgumentException>(() => connection.AsDuplex<FullLoopback>());
        host.Settle(connection.Pair.Closed.Task);
        _ = host.Open<FullLoopback>();
    }

    private static ChannelConnection Finished(Task<ChannelConnection> task) => task.GetAwaiter().GetResult();

    private static void FailHost(SteppedPair pair)
    {
        // A forged event pointer, straight into host memory, as a device with a fault would write it.
        Mhi.Endpoint.EmulatedModem modem = pair.Modem;
        uint low = modem.Function.Registers.Read(MhiRegisters.EventContextBase);
        Assert.True(modem.Memory.TryWrite(low + RingContext.ReadPointer, BitConverter.GetBytes(0xdead_beefu)));
        _ = pair.Controller.Poll();
    }

    private readonly struct NegativePool : IChannelDefinition
    {
        public static string Name => "LOOPBACK";

        public static int Mtu => 100;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => -1;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }
}
