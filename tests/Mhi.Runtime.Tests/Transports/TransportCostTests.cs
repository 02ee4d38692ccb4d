using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Pci;
using Mhi.Pci.VfioUser;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>What a transport may cost: no byte per operation, and no time of a processor while nothing happens.</summary>
/// <typeparam name="TRegisters">How the transport reaches registers.</typeparam>
[Collection("alone")]
public abstract class TransportCostTests<TRegisters> : IDisposable
    where TRegisters : struct, IRegisterAccess
{
    private const int Rounds = 200;
    private const int Windows = 5;

    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(10);

    private protected abstract TransportBed<TRegisters> Bed { get; }

    [Fact]
    public void Traffic_AllocatesNothing()
    {
        using var host = PolledHost<TRegisters>.InMissionMode(Bed.Open(), Bed.Profile);
        MhiDuplexChannel<FullLoopback> channel = host.Open<FullLoopback>();
        byte[] message = new byte[4096];
        byte[] echo = new byte[4096];
        TRegisters registers = host.Function.Registers;

        // The fewest of several windows: the runtime allocates a little, once, when it recompiles a method.
        long fewest = long.MaxValue;
        for (int window = 0; window < Windows; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Rounds; i++)
            {
                host.Echo(channel, message, echo);
                host.Controller.CheckDevice();
                _ = registers.Read(MhiRegisters.Version);
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
    }

    // Time of a processor, not of the clock: a busy machine does not change it.
    [Fact]
    [Trait("Category", "Slow")]
    public async Task OpenDevice_WithoutTraffic_UsesNoProcessor()
    {
        HashSet<string> others = ThreadTime.Threads();
        using MhiController controller = MhiController.Create(Bed.Open(), Bed.Profile);
        using MhiEventLoop loop = MhiEventLoop.Start(controller);
        await controller.PowerUpAsync();
        MhiDuplexChannel<FullLoopback> channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
        Task<int> reading = Task.Factory.StartNew(
            () => channel.Read(new byte[1], TimeSpan.FromMinutes(1)), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(TimeSpan.FromSeconds(1));

        TimeSpan before = ThreadTime.OfAllBut(others);
        await Task.Delay(s_idleTime);
        TimeSpan used = ThreadTime.OfAllBut(others) - before;

        Assert.True(before > TimeSpan.Zero, "no thread of the library was found");
        Assert.True(used <= Bed.IdleCost, $"{used.TotalMilliseconds} ms of a processor in {s_idleTime.TotalSeconds} s without traffic");
        _ = channel.Write([1], TimeSpan.FromMinutes(1));
        Assert.Equal(1, await reading);
    }

    public void Dispose()
    {
        Bed.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The transport without a bus.</summary>
public sealed class EmulatedTransportCostTests : TransportCostTests<EmulatedRegisters>
{
    private protected override TransportBed<EmulatedRegisters> Bed { get; } = new EmulatedBed();
}

/// <summary>The transport to a device in another process.</summary>
public sealed class VfioUserTransportCostTests : TransportCostTests<VfioUserRegisters>
{
    private protected override TransportBed<VfioUserRegisters> Bed { get; } = new VfioUserBed();
}
