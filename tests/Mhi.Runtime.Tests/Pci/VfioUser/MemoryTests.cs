using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Pci;
using Mhi.Pci.VfioUser;
using Mhi.Pci.VfioUser.Protocol;
using Xunit;

namespace Mhi.Runtime.Tests.Pci.VfioUser;

/// <summary>DMA memory: what is handed over, and what a server that asks by message gets.</summary>
public sealed class MemoryTests : IDisposable
{
    private const uint NoDevice = 19;
    private const uint TooLong = 7;
    private const uint Invalid = 22;
    private const uint NotImplemented = 38;

    private readonly ScriptedServer _server = new();

    [Fact]
    public void Region_IsHandedOverWithItsDescriptor_AndTakenBack()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(5000, 4096);

        var map = Assert.Single(_server.SeenOf(VfioUserCommand.DmaMap));
        Assert.Equal([.. ScriptedServer.Words(32, 3), .. ScriptedServer.Longs(0, region.BusAddress, 8192)], map.Payload);
        Assert.Equal(1, map.Descriptors);

        function.FreeDma(region);
        var unmap = Assert.Single(_server.SeenOf(VfioUserCommand.DmaUnmap));
        Assert.Equal([.. ScriptedServer.Words(24, 0), .. ScriptedServer.Longs(region.BusAddress, 8192)], unmap.Payload);
    }

    [Fact]
    public void RegionThatTheServerRefuses_IsAnError_AndItsAddressIsFreeAgain()
    {
        using VfioUserFunction function = _server.Open();
        _server.Refuse = command => command == VfioUserCommand.DmaMap ? 12u : 0;
        for (int i = 0; i < 10; i++)
        {
            MhiException error = Assert.Throws<MhiException>(() => function.AllocateDma(1u << 30, 4096));
            Assert.Equal(MhiErrorCode.OutOfMemory, error.Code);
            Assert.Equal("The server at 'script' refused DMA_MAP: Cannot allocate memory (errno 12).", error.Message);
        }

        _server.Refuse = _ => 0;
        function.FreeDma(function.AllocateDma(1, 1));
    }

    [Fact]
    public void ServerThatTakesFewRegions_GetsNoMore()
    {
        _server.Capabilities = "{\"capabilities\":{\"max_dma_maps\":2}}\0";
        using VfioUserFunction function = _server.Open();
        DmaRegion first = function.AllocateDma(1, 1);
        _ = function.AllocateDma(1, 1);

        MhiException error = Assert.Throws<MhiException>(() => function.AllocateDma(1, 1));
        Assert.Equal(MhiErrorCode.OutOfMemory, error.Code);
        function.FreeDma(first);
        _ = function.AllocateDma(1, 1);
    }

    [Fact]
    public void ServerWithLargePages_GetsWholeOnes()
    {
        _server.Capabilities = "{\"capabilities\":{\"pgsizes\":2162688}}\0"; // 64 KiB and 2 MiB.
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(1, 1);

        Assert.Equal(65536, region.Length);
        Assert.Equal(0ul, region.BusAddress & 0xffff);
    }

    [Fact]
    public void DmaRead_InsideARegion_GivesItsBytes()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(8192, 1);
        function.SetBusMaster(true);
        new Random(5).NextBytes(region.Memory.Slice(0, 8192));
        foreach ((ulong offset, ulong count) in new (ulong, ulong)[] { (0, 8192), (1, 3), (8191, 1), (8192, 0), (0, 0), (4095, 2) })
        {
            (uint error, byte[] payload) = _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(region.BusAddress + offset, count));
            Assert.Equal(0u, error);
            Assert.Equal([.. ScriptedServer.Longs(region.BusAddress + offset, count), .. region.Memory.Slice((long)offset, (int)count)], payload);
        }
    }

    [Fact]
    public void DmaWrite_InsideARegion_Arrives()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(8192, 1);
        function.SetBusMaster(true);

        (uint error, byte[] payload) = _server.Ask(VfioUserCommand.DmaWrite, [.. ScriptedServer.Longs(region.BusAddress + 100, 3), 1, 2, 3]);
        Assert.Equal(0u, error);
        Assert.Equal(ScriptedServer.Longs(region.BusAddress + 100, 3), payload);

        // Nobody answers a posted one; the next is answered after it.
        _server.Send(VfioUserCommand.DmaWrite, [.. ScriptedServer.Longs(region.BusAddress + 103, 2), 4, 5], MessageHeader.NoReply);
        _ = _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(region.BusAddress, 1));
        Assert.Equal(0, _server.PendingReplies);
        Assert.Equal([0, 1, 2, 3, 4, 5, 0], region.Memory.Slice(99, 7).ToArray());
    }

    [Fact]
    public void Dma_OutsideEveryRegion_IsRefused_AndTouchesNothing()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(8192, 1);
        DmaRegion freed = function.AllocateDma(4096, 1);
        function.FreeDma(freed);
        function.SetBusMaster(true);
        foreach ((ulong address, ulong count) in new (ulong, ulong)[]
        {
            (region.BusAddress - 1, 1), (region.BusAddress - 1, 2), (region.BusAddress + 8191, 2), (region.BusAddress + 8192, 1),
            (freed.BusAddress, 1), (0, 1), (ulong.MaxValue, 1), (ulong.MaxValue, 2), (region.BusAddress + (1ul << 32), 1),
        })
        {
            Assert.Equal(NoDevice, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(address, count)).Error);
            Assert.Equal(NoDevice, _server.Ask(VfioUserCommand.DmaWrite, [.. ScriptedServer.Longs(address, count), .. new byte[count].Select(_ => (byte)1)]).Error);
        }

        Assert.Equal(-1, region.Memory.Slice(0, 8192).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Dma_OfAFunctionThatIsNoBusMaster_IsRefused()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(4096, 1);
        Assert.Equal(NoDevice, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(region.BusAddress, 1)).Error);
        function.SetBusMaster(true);
        Assert.Equal(0u, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(region.BusAddress, 1)).Error);
        function.SetBusMaster(false);
        Assert.Equal(NoDevice, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(region.BusAddress, 1)).Error);
    }

    [Fact]
    public void RequestThatMakesNoSense_IsRefused_AndTheConnectionStays()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(2 << 20, 1);
        function.SetBusMaster(true);
        ulong address = region.BusAddress;

        Assert.Equal(TooLong, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(address, (1 << 20) + 1)).Error);
        Assert.Equal(TooLong, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(address, ulong.MaxValue)).Error);
        Assert.Equal(Invalid, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(address)).Error);
        Assert.Equal(Invalid, _server.Ask(VfioUserCommand.DmaRead, [.. ScriptedServer.Longs(address, 1), 1]).Error);
        Assert.Equal(Invalid, _server.Ask(VfioUserCommand.DmaWrite, ScriptedServer.Longs(address)).Error);
        Assert.Equal(Invalid, _server.Ask(VfioUserCommand.DmaWrite, [.. ScriptedServer.Longs(address, 4), 1, 2, 3]).Error);
        Assert.Equal(Invalid, _server.Ask(VfioUserCommand.DmaWrite, [.. ScriptedServer.Longs(address, 2), 1, 2, 3]).Error);
        Assert.Equal(NotImplemented, _server.Ask(VfioUserCommand.RegionRead, new byte[16]).Error);
        Assert.Equal(NotImplemented, _server.Ask((VfioUserCommand)999, []).Error);
        Assert.Equal(0u, _server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(address, 1 << 20)).Error);
        Assert.Equal(0u, function.Registers.Read(0));
    }

    [Fact]
    public async Task ServerThatAsksBeforeItAnswers_IsServed()
    {
        // As a device model does that reads its ring inside the handler of a doorbell or a register.
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(4096, 1);
        function.SetBusMaster(true);
        region.Memory.Slice(0, 1)[0] = 42;
        var asked = new TaskCompletionSource<byte>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Spoil = (answer, index) =>
        {
            _ = Task.Run(() =>
            {
                asked.TrySetResult(_server.Ask(VfioUserCommand.DmaRead, ScriptedServer.Longs(region.BusAddress, 1)).Payload[16]);
                _server.SendRaw(answer);
            });
            return null;
        };

        Assert.Equal(0u, function.Registers.Read(0x48));
        Assert.Equal(42, await asked.Task);
        _server.Spoil = (answer, _) => answer;
    }

    [Fact]
    public void FreeDma_WhenTheServerHasGone_FreesIt()
    {
        using VfioUserFunction function = _server.Open();
        DmaRegion region = function.AllocateDma(4096, 1);
        _server.HangUp();
        function.FreeDma(region);

        Assert.Throws<ArgumentException>(() => function.FreeDma(region));
        Assert.Equal(MhiErrorCode.DeviceRemoved, Assert.Throws<MhiException>(() => function.AllocateDma(1, 1)).Code);
    }

    public void Dispose() => _server.Dispose();
}
