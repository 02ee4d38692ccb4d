using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>A function that is taken away although its device still answers: unbound, in error, or its process ends.</summary>
public class LostFunctionTests
{
    private static readonly MhiFailure s_loss = new(MhiErrorCode.DeviceRemoved, "scripted is being unbound.");

    [Fact]
    public void CheckDevice_WhenTheFunctionIsLost_ResetsTheDeviceEndsEverythingAndLetsGo()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Device.Lose(s_loss);
        host.Device.Writes.Clear();

        host.Controller.CheckDevice();

        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(s_loss, host.Controller.Failure);
        Assert.Contains(host.Device.Writes, write => write.Offset == MhiRegisters.Control && (write.Value & MhiRegisters.ControlReset) != 0);
        Assert.True(host.Device.IsDetached);
        Assert.Equal(ChannelStatus.Down, channel.TryWrite([1]));
        Assert.Equal(MhiErrorCode.DeviceRemoved, channel.Failure!.Code);
    }

    [Fact]
    public void CheckDevice_WhenTheDeviceIsGoneToo_WritesNoRegister()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Lose(s_loss);
        host.Device.Values[MhiRegisters.Control] = MhiRegisters.LinkDown;
        host.Device.Writes.Clear();

        host.Controller.CheckDevice();

        Assert.Empty(host.Device.Writes);
        Assert.True(host.Device.IsDetached);
    }

    [Fact]
    public void CheckDevice_OfAControllerThatIsOff_ReportsTheLossToo()
    {
        using var host = new ScriptedHost();
        host.Device.Lose(s_loss);

        host.Controller.CheckDevice();

        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(s_loss, host.Controller.Failure);
        Assert.True(host.Device.IsDetached);
    }

    [Fact]
    public async Task PowerUp_AfterTheLoss_IsRefusedWithItsReason()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Lose(s_loss);
        host.Controller.CheckDevice();
        Task powerUp = host.Controller.PowerUpAsync();
        _ = host.Controller.Poll();

        var exception = await Assert.ThrowsAsync<MhiException>(() => powerUp);

        Assert.Equal((MhiErrorCode.DeviceRemoved, s_loss.Message), (exception.Code, exception.Message));
        Assert.False(host.Device.IsBusMaster);
    }

    [Fact]
    public async Task PowerUp_WhenBusMasteringIsRefused_FailsWithoutAnExceptionInThePoll()
    {
        using var host = new ScriptedHost();
        host.Device.BusMasterRefusal = new MhiException(MhiErrorCode.DeviceRemoved, "The command register reads as all ones.");
        Task powerUp = host.Controller.PowerUpAsync();

        _ = host.Controller.Poll();

        var exception = await Assert.ThrowsAsync<MhiException>(() => powerUp);
        Assert.Equal(host.Device.BusMasterRefusal.Message, exception.Message);
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
    }

    [Fact]
    public async Task EventLoop_WhenAnAlarmIsRaised_WakesAndReportsTheLoss()
    {
        using var host = ScriptedHost.InMissionMode();
        var lost = new TaskCompletionSource<MhiFailure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Controller.AddObserver(new Observer(lost));
        using var loop = MhiEventLoop.Start(host.Controller, new MhiEventLoopOptions { IdlePolls = 0 });
        host.Device.Lose(s_loss);
        host.Device.Alarm.Signal();

        Assert.Equal(s_loss, await lost.Task);
    }

    private sealed class Observer(TaskCompletionSource<MhiFailure?> lost) : IControllerObserver
    {
        public void StateChanged(MhiControllerState state, MhiFailure? failure)
        {
            if (state == MhiControllerState.Failed)
            {
                _ = lost.TrySetResult(failure);
            }
        }
    }
}
