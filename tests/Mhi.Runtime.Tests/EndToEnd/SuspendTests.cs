using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.EndToEnd;

/// <summary>Suspend and resume of the emulated device.</summary>
public class SuspendTests
{
    [Fact]
    public void WritesDuringASuspend_ResumeTheDeviceAndComeBackInOrder()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        pair.Run(pair.Controller.SuspendAsync());
        Assert.Equal((MhiControllerState.Suspended, MhiState.M3), (pair.Controller.State, pair.Modem.Endpoint.State));

        byte count = 0;
        while (channel.TryWrite([count]) == ChannelStatus.Done)
        {
            count++;
        }

        Assert.Equal(31, count);
        for (int i = 0; i < 1000; i++)
        {
            _ = pair.Step();
        }

        Assert.Equal((MhiControllerState.MissionMode, MhiState.M0), (pair.Controller.State, pair.Modem.Endpoint.State));
        byte[] echo = new byte[10];
        for (byte i = 0; i < count; i++)
        {
            Assert.Equal(1, channel.Read(echo));
            Assert.Equal(i, echo[0]);
        }

        AssertNoViolation(pair);
    }

    [Fact]
    public void DataReadDuringASuspend_LeavesEveryBufferPostedAfterwards()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        for (int i = 0; i < 31; i++)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([(byte)i]));
        }

        for (int i = 0; i < 100; i++)
        {
            _ = pair.Step();
        }

        DownlinkPort port = channel.Pair.Downlink!;
        Assert.Equal(0u, port.Ring.Outstanding);
        pair.Run(pair.Controller.SuspendAsync());
        for (int i = 0; i < 31; i++)
        {
            Assert.Equal(1, channel.Read(new byte[10]));
        }

        Assert.Equal(0, pair.Step());
        Assert.Equal((MhiControllerState.Suspended, 0u), (pair.Controller.State, port.Ring.Outstanding));
        pair.Run(pair.Controller.ResumeAsync());
        _ = pair.Controller.Poll();
        Assert.Equal(31u, port.Ring.Outstanding);
        AssertNoViolation(pair);
    }

    [Fact]
    public void PowerCycleOfASuspendedDevice_WorksWithoutAViolation()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<SmallLoopback>();
        pair.Run(pair.Controller.SuspendAsync());
        pair.Run(pair.Controller.PowerDownAsync());
        Assert.Equal(MhiErrorCode.ChannelStopped, channel.Failure!.Code);
        pair.Run(pair.Controller.PowerUpAsync());
        pair.Run(channel.CloseAsync());
        _ = pair.Open<SmallLoopback>();
        AssertNoViolation(pair);
    }

    [Fact]
    public async Task BurstChannel_GoesOnAfterASuspend()
    {
        using var pair = SteppedPair.InMissionMode();
        var channel = pair.Open<HardwareData>();
        for (int round = 0; round < 20; round++)
        {
            Task flushed = Task.CompletedTask;
            if (channel.TryWrite([1]) == ChannelStatus.Done)
            {
                flushed = channel.FlushAsync().AsTask();
            }

            pair.Run(flushed);
            await flushed;
            pair.Run(pair.Controller.SuspendAsync());
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
            pair.Run(channel.FlushAsync().AsTask());
        }

        Assert.Equal(0, channel.OutstandingBuffers);
        AssertNoViolation(pair);
    }

    [Fact]
    public async Task WithThreads_ASleepingLoopIsWokenByTheWrite()
    {
        using var modem = new EmulatedModem();
        modem.Start();
        using MhiController controller = MhiController.Create(modem.Function, KnownProfiles.FoxconnT99W175);
        using MhiEventLoop loop = MhiEventLoop.Start(controller, new MhiEventLoopOptions { IdlePolls = 0 });
        await controller.PowerUpAsync();
        using var channel = (await ChannelConnection.OpenAsync<SmallLoopback>(controller)).AsDuplex<SmallLoopback>();
        byte[] echo = new byte[10];
        for (byte round = 0; round < 200; round++)
        {
            await controller.SuspendAsync();
            Assert.Equal(1, channel.Write([round], TimeSpan.FromSeconds(30)));
            Assert.Equal(1, channel.Read(echo, TimeSpan.FromSeconds(30)));
            Assert.Equal(round, echo[0]);
            channel.Flush(TimeSpan.FromSeconds(30));
        }

        Assert.All(Enum.GetValues<HostViolation>(), violation => Assert.Equal(0, modem.Endpoint.CountOf(violation)));
    }

    private static void AssertNoViolation(SteppedPair pair) =>
        Assert.All(Enum.GetValues<HostViolation>(), violation => Assert.Equal(0, pair.Modem.Endpoint.CountOf(violation)));
}
