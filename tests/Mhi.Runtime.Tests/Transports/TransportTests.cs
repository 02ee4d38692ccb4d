using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>What every transport promises a controller; run over each of them.</summary>
/// <typeparam name="TRegisters">How the transport reaches registers.</typeparam>
public abstract class TransportTests<TRegisters> : IDisposable
    where TRegisters : struct, IRegisterAccess
{
    private const int LimitMilliseconds = 60_000;

    private static readonly uint[] s_hostWritten =
    [
        MhiRegisters.ChannelContextBase, MhiRegisters.EventContextBase, MhiRegisters.CommandContextBase,
        MhiRegisters.ControlBase, MhiRegisters.ControlLimit, MhiRegisters.DataBase, MhiRegisters.DataLimit,
    ];

    private protected abstract TransportBed<TRegisters> Bed { get; }

    [Fact]
    public void Function_HasTheIdentityOfItsDevice_RegistersAndVectors()
    {
        using IPciFunction<TRegisters> function = Bed.Open();

        Assert.True(Bed.Profile.PciIds.Any(id => id.Matches(function.Identity)), $"{function.Identity}");
        Assert.NotEmpty(function.Name);
        Assert.InRange(function.RegisterLength, 0x400u, 1u << 30);
        Assert.Equal(Bed.Profile.EventRings.Length + 1, function.Vectors.Length);
    }

    [Fact]
    public void Registers_KeepWhatIsWritten_InOrder()
    {
        using IPciFunction<TRegisters> function = Bed.Open();
        TRegisters registers = function.Registers;

        Assert.NotEqual(MhiRegisters.LinkDown, registers.Read(MhiRegisters.Version));
        for (uint i = 0; i < 1000; i++)
        {
            uint offset = s_hostWritten[i % s_hostWritten.Length];
            registers.Write(offset, ~i);
            registers.Write(offset, i);
            registers.Write(offset + 4, i << 8);
            Assert.Equal(i, registers.Read(offset));
            Assert.Equal(i << 8, registers.Read(offset + 4));
        }
    }

    [Fact]
    public void DmaRegions_AreAligned_InsideTheWidth_Apart_AndZero()
    {
        using IPciFunction<TRegisters> function = Bed.Open();
        var regions = new List<DmaRegion>();
        foreach ((long length, long alignment) in new[] { (1L, 1L), (5000, 16), (4096, 1 << 20), (70_000, 4096), (16, 65536), (3 << 20, 4096) })
        {
            DmaRegion region = function.AllocateDma(length, alignment);
            Assert.Equal(0UL, region.BusAddress & ((ulong)alignment - 1));
            Assert.True(region.Length >= length);
            Assert.True(region.BusAddress + (ulong)region.Length - 1 <= ulong.MaxValue >> (64 - Bed.Profile.DmaAddressBits));
            Assert.Equal(-1, region.Memory.Slice(0, (int)region.Length).IndexOfAnyExcept((byte)0));
            region.Memory.Slice(0, (int)region.Length).Fill(0xff);
            regions.Add(region);
        }

        DmaRegion[] ordered = [.. regions.OrderBy(region => region.BusAddress)];
        for (int i = 1; i < ordered.Length; i++)
        {
            Assert.True(ordered[i].BusAddress > ordered[i - 1].BusAddress + (ulong)ordered[i - 1].Length);
        }

        // What was used before is given out as new.
        regions.ForEach(function.FreeDma);
        DmaRegion fresh = function.AllocateDma(3 << 20, 1);
        Assert.Equal(-1, fresh.Memory.Slice(0, (int)fresh.Length).IndexOfAnyExcept((byte)0));
        function.FreeDma(fresh);
    }

    [Fact]
    public void DmaMemory_WhenAddressesRunOut_IsAClearError_AndComesBackWhenFreed()
    {
        // 16 MiB of addresses, and pieces of a quarter of that.
        using IPciFunction<TRegisters> function = Bed.Open(addressBits: 24);
        var regions = new List<DmaRegion>();
        MhiException error = Assert.Throws<MhiException>(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                regions.Add(function.AllocateDma(4 << 20, 4096));
            }
        });
        Assert.Equal(MhiErrorCode.OutOfMemory, error.Code);
        Assert.Contains("24-bit bus addresses", error.Message, StringComparison.Ordinal);

        Assert.NotEmpty(regions);
        function.FreeDma(regions[0]);
        regions[0] = function.AllocateDma(4 << 20, 4096);
        regions.ForEach(function.FreeDma);
    }

    [Fact]
    public void DmaMemory_WrongArguments_AreArgumentErrors()
    {
        using IPciFunction<TRegisters> function = Bed.Open();

        Assert.Throws<ArgumentOutOfRangeException>(() => function.AllocateDma(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => function.AllocateDma(1, 3));
        DmaRegion region = function.AllocateDma(1, 1);
        function.FreeDma(region);
        Assert.Throws<ArgumentException>(() => function.FreeDma(region));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Interrupt_OfAnEvent_ComesOnTheVectorOfItsRing(int maxVectors)
    {
        using var host = PolledHost<TRegisters>.InMissionMode(Bed.Open(maxVectors), Bed.Profile);
        MhiDuplexChannel<FullLoopback> channel = host.Open<FullLoopback>();
        int ring = Bed.Profile.Channels.First(entry => entry.Name == "LOOPBACK").EventRing;
        InterruptVector vector = host.Function.Vectors[host.Function.Vectors.Length == 1 ? 0 : ring + 1];
        var waiting = new EventFdSet([vector.Descriptor]);
        byte[] echo = new byte[5];
        for (int i = 0; i < 50; i++)
        {
            vector.Arm();
            Interlocked.MemoryBarrierProcessWide();
            _ = vector.Descriptor.Drain();
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([1, 2, 3, 4, (byte)i]));
            _ = host.Controller.Poll();

            // Two events, the two of them maybe with one interrupt.
            Assert.True(waiting.Wait(LimitMilliseconds), "no interrupt comes");
            vector.Disarm();
            host.Receive(channel, echo);
            Assert.Equal([1, 2, 3, 4, (byte)i], echo);
        }
    }

    [Fact]
    public void BusMaster_WhenOff_StopsTheDevice_AndWhenOnAgain_LetsItGoOn()
    {
        using var host = PolledHost<TRegisters>.InMissionMode(Bed.Open(), Bed.Profile);
        MhiDuplexChannel<FullLoopback> channel = host.Open<FullLoopback>();
        byte[] echo = new byte[3];
        host.Echo(channel, [1, 2, 3], echo);

        host.Function.SetBusMaster(false);
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([4, 5, 6]));
        for (int i = 0; i < 500; i++)
        {
            // Each read goes to the device and back, so it has had time for an echo many times over.
            _ = host.Controller.Poll();
            Assert.NotEqual(MhiRegisters.LinkDown, host.Function.Registers.Read(MhiRegisters.Status));
            Assert.NotEqual(ChannelStatus.Done, channel.TryRead(echo, out _));
        }

        host.Function.SetBusMaster(true);
        host.Receive(channel, echo);
        Assert.Equal([4, 5, 6], echo);
    }

    [Fact]
    public void Reset_GivesRegistersAsAfterPowerOn_AndKeepsDmaMemory()
    {
        using IPciFunction<TRegisters> function = Bed.Open();
        TRegisters registers = function.Registers;
        uint[] initial = [.. s_hostWritten.Select(offset => registers.Read(offset))];
        DmaRegion region = function.AllocateDma(4096, 4096);
        region.Memory.Slice(0, 4096).Fill(0x5a);
        foreach (uint offset in s_hostWritten)
        {
            registers.Write(offset, 0x1234_5000);
        }

        function.Reset();

        Assert.Equal(initial, s_hostWritten.Select(offset => registers.Read(offset)));
        Assert.Equal(-1, region.Memory.Slice(0, 4096).IndexOfAnyExcept((byte)0x5a));
        using (var host = PolledHost<TRegisters>.InMissionMode(new Borrowed<TRegisters>(function), Bed.Profile))
        {
            host.Echo(host.Open<FullLoopback>(), [7, 8, 9], new byte[3]);
        }

        function.FreeDma(region);
    }

    [Fact]
    public void Reset_OfARunningDevice_LetsANewControllerStart()
    {
        using IPciFunction<TRegisters> function = Bed.Open();
        for (int i = 0; i < 3; i++)
        {
            using var host = PolledHost<TRegisters>.InMissionMode(new Borrowed<TRegisters>(function), Bed.Profile);
            host.Echo(host.Open<FullLoopback>(), [1, 2, (byte)i], new byte[3]);
            function.Reset();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task Messages_OfEverySize_ComeBack(int maxVectors)
    {
        using MhiController controller = MhiController.Create(Bed.Open(maxVectors), Bed.Profile);
        using MhiEventLoop loop = MhiEventLoop.Start(controller, new MhiEventLoopOptions { IdlePolls = 0 });
        controller.PowerUp();
        MhiDuplexChannel<FullLoopback> channel = ChannelConnection.Open<FullLoopback>(controller).AsDuplex<FullLoopback>();
        TimeSpan limit = TimeSpan.FromMilliseconds(LimitMilliseconds);
        foreach (int length in new[] { 0, 1, 2, 63, 64, 4095, 4096, 4097, 65_535, 0, 3 })
        {
            byte[] sent = RandomNumberGenerator.GetBytes(length);
            byte[] received = new byte[length];
            _ = channel.Write(sent, limit);
            for (int count = 0; count < length;)
            {
                count += channel.Read(received.AsSpan(count), limit);
            }

            Assert.Equal(sent, received);
        }

        await channel.CloseAsync();
        await controller.PowerDownAsync();
    }

    [Fact]
    public void ChannelsAndPower_AgainAndAgain()
    {
        using var host = new PolledHost<TRegisters>(Bed.Open(), Bed.Profile);
        for (int round = 0; round < 5; round++)
        {
            host.Run(host.Controller.PowerUpAsync());
            for (int i = 0; i < 3; i++)
            {
                MhiDuplexChannel<FullLoopback> channel = host.Open<FullLoopback>();
                host.Echo(channel, [1, 2, (byte)i], new byte[3]);
                host.Run(channel.CloseAsync());
            }

            host.Run(host.Controller.PowerDownAsync());
            Assert.Equal(MhiControllerState.Off, host.Controller.State);
        }
    }

    [Fact]
    public void Function_OpenedAgain_IsANewOne()
    {
        for (int i = 0; i < 3; i++)
        {
            using var host = PolledHost<TRegisters>.InMissionMode(Bed.Open(), Bed.Profile);
            host.Echo(host.Open<FullLoopback>(), [1, 2, (byte)i], new byte[3]);
        }
    }

    [Fact]
    public async Task PowerUp_FromSeveralThreads_AndDispose_InTheMiddle_EndsEverything()
    {
        using MhiController controller = MhiController.Create(Bed.Open(), Bed.Profile);
        using MhiEventLoop loop = MhiEventLoop.Start(controller);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => controller.PowerUpAsync()));
        MhiDuplexChannel<FullLoopback> channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
        Task<Exception?> reading = Ending(() => channel.Read(new byte[1], TimeSpan.FromMilliseconds(LimitMilliseconds)));

        loop.Dispose();
        controller.Dispose();

        Assert.Equal(MhiErrorCode.ChannelStopped, Assert.IsType<MhiException>(await reading).Code);
    }

    public void Dispose()
    {
        Bed.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What an operation that blocks ends with, on a thread of its own.</summary>
    private protected static Task<Exception?> Ending(Action call) =>
        Task.Factory.StartNew(() => Record.Exception(call), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)!;
}
