using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Pci;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>What a transport promises when its device goes away without a word.</summary>
/// <typeparam name="TRegisters">How the transport reaches registers.</typeparam>
public abstract class RemovableTransportTests<TRegisters> : TransportTests<TRegisters>
    where TRegisters : struct, IRegisterAccess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private protected abstract RemovableBed<TRegisters> Removable { get; }

    private protected override TransportBed<TRegisters> Bed => Removable;

    [Fact]
    public void Registers_OfADeviceThatHasGone_ReadAsAllOnes()
    {
        using IPciFunction<TRegisters> function = Removable.Open();
        DmaRegion region = function.AllocateDma(4096, 1);
        TRegisters registers = function.Registers;
        Assert.NotEqual(MhiRegisters.LinkDown, registers.Read(MhiRegisters.Version));

        Removable.Lose();
        Assert.True(SpinWait.SpinUntil(() => registers.Read(MhiRegisters.Version) == MhiRegisters.LinkDown, s_limit));

        registers.Write(MhiRegisters.Control, 0);
        Assert.Equal(MhiRegisters.LinkDown, registers.Read(MhiRegisters.Control));
        MhiFailure? failure = function.CheckAlarms();
        Assert.Equal(MhiErrorCode.DeviceRemoved, failure?.Code);
        Assert.Equal(failure, function.CheckAlarms());

        // Nothing of this throws, and memory of the host is there until it is freed.
        function.SetBusMaster(false);
        region.Memory.Slice(0, 4096).Fill(1);
        function.FreeDma(region);
        function.Detach();
    }

    [Fact]
    public async Task Traffic_WhenTheDeviceGoes_EndsWithDeviceRemoved()
    {
        using MhiController controller = MhiController.Create(Removable.Open(), Removable.Profile);
        using MhiEventLoop loop = MhiEventLoop.Start(controller);
        await controller.PowerUpAsync();
        MhiDuplexChannel<FullLoopback> channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
        int echoes = 0;
        Task<Exception?> writing = Ending(() =>
        {
            byte[] message = new byte[4096];
            while (true)
            {
                _ = channel.Write(message, s_limit);
            }
        });
        Task<Exception?> reading = Ending(() =>
        {
            byte[] message = new byte[4096];
            while (true)
            {
                _ = channel.Read(message, s_limit);
                Interlocked.Increment(ref echoes);
            }
        });
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref echoes) > 100, s_limit));

        Removable.Lose();

        Assert.Equal(MhiErrorCode.DeviceRemoved, Assert.IsType<MhiException>(await writing).Code);
        Assert.Equal(MhiErrorCode.DeviceRemoved, Assert.IsType<MhiException>(await reading).Code);
        Assert.Equal(MhiControllerState.Failed, controller.State);
        await channel.CloseAsync();
        await controller.PowerDownAsync();
        await Assert.ThrowsAsync<MhiException>(controller.PowerUpAsync);
    }

    [Fact]
    public async Task SleepingLoop_WhenTheDeviceGoes_LearnsItFromTheAlarm()
    {
        IPciFunction<TRegisters> function = Removable.Open();
        using MhiController controller = MhiController.Create(function, Removable.Profile);
        using MhiEventLoop loop = MhiEventLoop.Start(controller, new MhiEventLoopOptions { IdlePolls = 0 });

        // Off: nobody looks at registers now and then, so only the alarm can tell.
        Assert.Equal(MhiControllerState.Off, controller.State);
        Removable.Lose();
        Assert.True(SpinWait.SpinUntil(() => controller.State == MhiControllerState.Failed, s_limit));
        MhiException error = await Assert.ThrowsAsync<MhiException>(controller.PowerUpAsync);

        Assert.Equal(MhiErrorCode.DeviceRemoved, error.Code);
    }
}
