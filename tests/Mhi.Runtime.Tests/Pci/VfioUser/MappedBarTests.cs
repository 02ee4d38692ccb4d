using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mhi.Controller;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser;
using Mhi.Pci.VfioUser.Protocol;
using Xunit;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Runtime.Tests.Pci.VfioUser;

/// <summary>Registers that the server lets the client map.</summary>
public sealed class MappedBarTests : IDisposable
{
    private const uint Flags = RegionReadable | RegionWritable | RegionMappable | RegionHasCapabilities;

    private readonly ScriptedServer _server = new();
    private readonly MappedMemory _memory = MappedMemory.Allocate(0x3000);

    [Fact]
    public void SparseArea_IsReachedWithoutMessages_AndTheRestWithReplies()
    {
        Offer(0x1000, Sparse((0x400, 0x800)));
        using VfioUserFunction function = _server.Open();
        int before = _server.Seen.Count;

        Assert.True(function.HasMappedRegisters);
        function.Registers.Write(0x400, 0x11223344);
        function.Registers.Write(0xbfc, 5);
        PutWord(_memory.Slice(0x1800, 4), 0, 77);
        Assert.Equal(77u, function.Registers.Read(0x800));
        Assert.Equal(before, _server.Seen.Count);
        Assert.Equal(0x11223344u, Word(_memory.Slice(0x1400, 4), 0));
        Assert.Equal(5u, Word(_memory.Slice(0x1bfc, 4), 0));

        function.Registers.Write(0x3fc, 9);
        function.Registers.Write(0xc00, 10);
        Assert.Equal(9u, function.Registers.Read(0x3fc));
        Assert.Equal(10u, function.Registers.Read(0xc00));
        var writes = _server.Seen.Skip(before).Where(seen => seen.Header.Command == VfioUserCommand.RegionWrite).ToArray();
        Assert.Equal(2, writes.Length);
        Assert.All(writes, write => Assert.True(write.Header.WantsReply));
    }

    [Fact]
    public void WithoutCapability_TheWholeBarIsMapped()
    {
        Offer(0, []);
        PutWord(_server.BarDescription, 4, Flags & ~RegionHasCapabilities);
        using VfioUserFunction function = _server.Open();

        function.Registers.Write(0xffc, 3);
        Assert.Equal(3u, Word(_memory.Slice(0xffc, 4), 0));
    }

    [Fact]
    public void Mapping_IsNotUsed_WhenNotWanted()
    {
        Offer(0, Sparse((0, 0x1000)));
        using VfioUserFunction function = _server.Open(new VfioUserOptions { MapRegisters = false });

        Assert.False(function.HasMappedRegisters);
        function.Registers.Write(0, 3);
        Assert.Equal(3u, function.Registers.Read(0));
        Assert.Equal(0u, Word(_memory.Slice(0, 4), 0));
    }

    [Fact]
    public void MappedRegisters_OfAServerThatHasGone_ReadAsAllOnes()
    {
        Offer(0, Sparse((0, 0x1000)));
        using VfioUserFunction function = _server.Open();
        Assert.Equal(0u, function.Registers.Read(0));
        _server.HangUp();
        Assert.True(new EventFdSet(function.Alarms).Wait(60_000));

        Assert.Equal(uint.MaxValue, function.Registers.Read(0));
        function.Registers.Write(0, 1);
    }

    [Fact]
    public void FileThatTheServerCuts_ReadsAsAllOnes_AndTheProcessLives()
    {
        string path = Path.GetTempFileName();
        try
        {
            using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            file.SetLength(0x1000);
            Offer(0, Sparse((0, 0x1000)));
            _server.BarFile!.Dispose();
            _server.BarFile = FileDescriptor.Of(file.SafeFileHandle);
            using VfioUserFunction function = _server.Open();
            Assert.True(function.HasMappedRegisters);
            Assert.Equal(0u, function.Registers.Read(0));

            file.SetLength(0);

            Assert.Equal(uint.MaxValue, function.Registers.Read(0));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static TheoryData<string, ulong, ulong[]> UselessOffers => new()
    {
        { "area beyond the BAR", 0, [0x1000, 0x1000] },
        { "area that ends beyond the BAR", 0, [0x800, 0x1000] },
        { "area whose end wraps", 0, [ulong.MaxValue - 3, 8] },
        { "area without length", 0, [0, 0] },
        { "one good, one bad area", 0, [0, 0x1000, ulong.MaxValue, ulong.MaxValue] },
        { "area beyond the file", 0x2800, [0, 0x1000] },
        { "BAR beyond the file", 0x3000, [0, 0x1000] },
        { "BAR at an offset that wraps", ulong.MaxValue - 0x10, [0, 0x1000] },
        { "no area", 0, [] },
    };

    [Theory]
    [MemberData(nameof(UselessOffers))]
    public void OfferThatMakesNoSense_LeavesMessages(string why, ulong fileOffset, ulong[] areas)
    {
        Offer(fileOffset, Sparse([.. areas.Chunk(2).Select(area => (area[0], area[1]))]));
        using VfioUserFunction function = _server.Open();

        Assert.False(function.HasMappedRegisters, why);
        function.Registers.Write(8, 3);
        Assert.Equal(3u, function.Registers.Read(8));
    }

    [Fact]
    public void DescriptorThatIsNoFile_LeavesMessages()
    {
        Offer(0, Sparse((0, 0x1000)));
        using var other = new EventFd();
        _server.BarFile!.Dispose();
        _server.BarFile = other.Share();
        using VfioUserFunction function = _server.Open();

        Assert.False(function.HasMappedRegisters);
    }

    [Fact]
    public void FileThatCannotBeWritten_LeavesMessages()
    {
        Offer(0, Sparse((0, 0x100)));
        using FileStream file = File.OpenRead("/proc/self/exe");
        _server.BarFile!.Dispose();
        _server.BarFile = FileDescriptor.Of(file.SafeFileHandle);
        using VfioUserFunction function = _server.Open();

        Assert.False(function.HasMappedRegisters);
    }

    public static TheoryData<string, byte[]> MalformedChains => new()
    {
        { "circle", [.. ScriptedServer.Words(0x0001_0009, 32), .. new byte[8]] },
        { "backwards", [.. ScriptedServer.Words(0x0001_0009, 8), .. new byte[8]] },
        { "out of the answer", [.. ScriptedServer.Words(0x0001_0009, 4096), .. new byte[8]] },
        { "out of all answers", [.. ScriptedServer.Words(0x0001_0009, uint.MaxValue), .. new byte[8]] },
        { "more areas than bytes", [.. ScriptedServer.Words(0x0001_0001, 0, 2, 0), .. ScriptedServer.Longs(0, 0x1000)] },
        { "very many areas", [.. ScriptedServer.Words(0x0001_0001, 0, uint.MaxValue, 0), .. ScriptedServer.Longs(0, 0x1000)] },
        { "areas cut off", ScriptedServer.Words(0x0001_0001, 0) },
    };

    [Theory]
    [MemberData(nameof(MalformedChains))]
    public void CapabilitiesThatCannotBeRead_AreAViolation(string why, byte[] chain)
    {
        Offer(0, chain);
        MhiException error = Assert.Throws<MhiException>(() => _server.Open());

        Assert.True(error.Code == MhiErrorCode.ProtocolViolation, why);
        Assert.StartsWith("The server at 'script' answered DEVICE_GET_REGION_INFO with", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _server.Dispose();
        _memory.Dispose();
    }

    private static byte[] Sparse(params (ulong Offset, ulong Length)[] areas)
    {
        var bytes = new List<byte>(ScriptedServer.Words(0x0001_0001, 0, (uint)areas.Length, 0));
        foreach ((ulong offset, ulong length) in areas)
        {
            bytes.AddRange(ScriptedServer.Longs(offset, length));
        }

        return [.. bytes];
    }

    private void Offer(ulong fileOffset, byte[] chain)
    {
        _server.BarFile = _memory.Share();
        _server.BarDescription =
        [
            .. ScriptedServer.Words((uint)(32 + chain.Length), Flags, 0, 32),
            .. ScriptedServer.Longs(ScriptedServer.BarLength, fileOffset),
            .. chain,
        ];
    }
}
