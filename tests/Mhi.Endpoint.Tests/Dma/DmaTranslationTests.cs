using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Endpoint.Dma;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Endpoint.Tests.Dma;

public sealed class DmaTranslationTests : IDisposable
{
    private const ulong Base = 0x4000_0000;

    private readonly MappedMemory _memory = MappedMemory.Allocate(16384);
    private readonly DmaTranslation _translation = new();

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void ReadAndWrite_ReachTheMemoryBehindTheAddress()
    {
        Assert.True(_translation.TryMap(Base, _memory.Window(4096, 4096), DmaAccess.ReadWrite));
        byte[] read = new byte[4];

        Assert.True(_translation.TryWrite(Base + 10, [1, 2, 3, 4]));
        Assert.True(_translation.TryRead(Base + 10, read));

        Assert.Equal([1, 2, 3, 4], read);
        Assert.Equal([1, 2, 3, 4], _memory.Slice(4106, 4).ToArray());
    }

    [Theory]
    [InlineData(Base - 1, 1)]
    [InlineData(Base - 1, 2)]
    [InlineData(Base + 4096, 1)]
    [InlineData(Base + 4095, 2)]
    [InlineData(Base, 4097)]
    [InlineData(0UL, 1)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(ulong.MaxValue, 2)]
    [InlineData(ulong.MaxValue - 3, 8)]
    public void AccessOutsideTheMapping_IsRefusedAndCounted(ulong iova, int length)
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.ReadWrite);

        Assert.False(_translation.TryRead(iova, new byte[length]));
        Assert.False(_translation.TryWrite(iova, new byte[length]));

        Assert.Equal(1, _translation.RefusedReads);
        Assert.Equal(1, _translation.RefusedWrites);
    }

    [Fact]
    public void Permissions_AreKept()
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.Read);
        _ = _translation.TryMap(Base + 0x10000, _memory.Window(4096, 4096), DmaAccess.Write);
        int hint = 0;

        Assert.True(_translation.TryRead(Base, new byte[8]));
        Assert.False(_translation.TryWrite(Base, new byte[8]));
        Assert.False(_translation.TryWriteWord(Base, 1, ref hint));
        Assert.False(_translation.TryRead(Base + 0x10000, new byte[8]));
        Assert.False(_translation.TryReadWord(Base + 0x10000, out _, ref hint));
        Assert.True(_translation.TryWrite(Base + 0x10000, new byte[8]));
    }

    [Fact]
    public void AccessAcrossAdjacentEntries_IsJoined()
    {
        _ = _translation.TryMap(Base, _memory.Window(8192, 4096), DmaAccess.ReadWrite);
        _ = _translation.TryMap(Base + 4096, _memory.Window(0, 4096), DmaAccess.ReadWrite);
        _ = _translation.TryMap(Base + 8192, _memory.Window(4096, 4096), DmaAccess.ReadWrite);
        byte[] pattern = new byte[6000];
        new Random(5).NextBytes(pattern);
        byte[] read = new byte[6000];

        Assert.True(_translation.TryWrite(Base + 4000, pattern));
        Assert.True(_translation.TryRead(Base + 4000, read));

        Assert.Equal(pattern, read);
        Assert.Equal(pattern[..96], _memory.Slice(8192 + 4000, 96).ToArray());
        Assert.Equal(pattern[96..4192], _memory.Slice(0, 4096).ToArray());
        Assert.Equal(pattern[4192..], _memory.Slice(4096, 1808).ToArray());
    }

    [Fact]
    public void WriteAcrossAHoleOrIntoAReadOnlyEntry_WritesNothing()
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.ReadWrite);
        _ = _translation.TryMap(Base + 4096, _memory.Window(4096, 4096), DmaAccess.Read);
        _ = _translation.TryMap(Base + 12288, _memory.Window(8192, 4096), DmaAccess.ReadWrite);
        byte[] ones = new byte[100];
        Array.Fill(ones, (byte)1);

        Assert.False(_translation.TryWrite(Base + 4050, ones));
        Assert.False(_translation.TryWrite(Base + 12288 - 50, ones));

        Assert.Equal(-1, _memory.Slice(0, 16384).IndexOf((byte)1));
    }

    [Fact]
    public void EmptyAccess_IsNeverRefused()
    {
        Assert.True(_translation.TryRead(0xdead, []));
        Assert.True(_translation.TryWrite(ulong.MaxValue, []));
    }

    [Fact]
    public void Map_RefusesOverlapWrapAndEmptiness()
    {
        Assert.True(_translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.Read));

        Assert.False(_translation.TryMap(Base, _memory.Window(4096, 4096), DmaAccess.Read));
        Assert.False(_translation.TryMap(Base + 4095, _memory.Window(4096, 4096), DmaAccess.Read));
        Assert.False(_translation.TryMap(Base - 4095, _memory.Window(4096, 4096), DmaAccess.Read));
        Assert.False(_translation.TryMap(Base - 4096, _memory.Window(0, 16384), DmaAccess.Read));
        Assert.False(_translation.TryMap(Base + 8192, _memory.Window(0, 0), DmaAccess.Read));
        Assert.False(_translation.TryMap(ulong.MaxValue - 4094, _memory.Window(4096, 4096), DmaAccess.Read));
        Assert.Equal(1, _translation.Count);
    }

    [Fact]
    public void LastPageOfTheAddressSpace_CanBeMapped()
    {
        Assert.True(_translation.TryMap(ulong.MaxValue - 4095, _memory.Window(0, 4096), DmaAccess.ReadWrite));

        Assert.True(_translation.TryWrite(ulong.MaxValue, [7]));
        Assert.False(_translation.TryRead(ulong.MaxValue, new byte[2]));
        Assert.Equal(7, _memory.Slice(4095, 1)[0]);
    }

    [Fact]
    public void Unmap_TakesWholeEntriesOnly()
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.ReadWrite);
        _ = _translation.TryMap(Base + 4096, _memory.Window(4096, 4096), DmaAccess.ReadWrite);

        Assert.False(_translation.TryUnmap(Base, 100));
        Assert.False(_translation.TryUnmap(Base + 100, 8192));
        Assert.False(_translation.TryUnmap(Base + 0x10_0000, 4096));
        Assert.False(_translation.TryUnmap(Base, 0));
        Assert.False(_translation.TryUnmap(ulong.MaxValue, 2));
        Assert.Equal(2, _translation.Count);

        Assert.True(_translation.TryUnmap(Base, 4096));
        Assert.False(_translation.TryRead(Base, new byte[1]));
        Assert.True(_translation.TryRead(Base + 4096, new byte[1]));
        Assert.True(_translation.TryUnmap(0, ulong.MaxValue));
        Assert.Equal(0, _translation.Count);
    }

    [Fact]
    public void Words_AreAlignedAndInOnePiece()
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.ReadWrite);
        _ = _translation.TryMap(Base + 4096, _memory.Window(4096, 4096), DmaAccess.ReadWrite);
        int hint = 0;

        Assert.True(_translation.TryWriteWord(Base + 4096 + 8, 0x1234_5678, ref hint));
        Assert.Equal(1, hint);
        Assert.True(_translation.TryReadWord(Base + 4096 + 8, out uint value, ref hint));
        Assert.Equal(0x1234_5678u, value);
        Assert.False(_translation.TryReadWord(Base + 2, out _, ref hint));
        Assert.False(_translation.TryReadWord(Base + 4094, out _, ref hint));
        Assert.False(_translation.TryReadWord(Base + 8192, out _, ref hint));
        Assert.False(_translation.TryWriteWord(Base + 8190, 1, ref hint));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void WrongHint_CostsASearchOnly(int hint)
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.ReadWrite);
        _ = _translation.TryMap(Base + 0x10000, _memory.Window(4096, 4096), DmaAccess.ReadWrite);

        Assert.True(_translation.TryWrite(Base + 5, [9], ref hint));

        Assert.Equal(0, hint);
        Assert.Equal(9, _memory.Slice(5, 1)[0]);
    }

    [Fact]
    public async Task Unmap_WaitsForTheAccessPeriodThatMayUseTheEntry()
    {
        _ = _translation.TryMap(Base, _memory.Window(0, 4096), DmaAccess.ReadWrite);
        _translation.Enter();
        Task<bool> unmap = Task.Run(() => _translation.TryUnmap(Base, 4096));
        SpinWait.SpinUntil(() => _translation.Count == 0);

        // The entry is gone for new accesses, but the caller is not let go while this period lasts.
        Assert.False(unmap.IsCompleted);
        _translation.Leave();
        Assert.True(await unmap);
    }

    [Fact]
    public void Edits_WhileTheDeviceAccesses_NeverShowHalfATable()
    {
        // The odd entries come and go; the even ones stay and must be found at any moment.
        for (ulong i = 0; i < 4; i += 2)
        {
            _ = _translation.TryMap(Base + (i * 4096), _memory.Window((long)i * 4096, 4096), DmaAccess.ReadWrite);
            _memory.Slice((long)i * 4096, 4096).Fill((byte)i);
        }

        using var done = new ManualResetEventSlim();
        var editor = new Thread(() =>
        {
            for (int round = 0; round < 2000; round++)
            {
                _ = _translation.TryMap(Base + 4096, _memory.Window(4096, 4096), DmaAccess.Read);
                _ = _translation.TryUnmap(Base + 4096, 4096);
            }

            done.Set();
        });
        editor.Start();
        int failures = 0;
        byte[] read = new byte[16];
        while (!done.IsSet)
        {
            _translation.Enter();
            failures += _translation.TryRead(Base + 8192 + 8, read) && read[0] == 2 ? 0 : 1;
            failures += _translation.TryRead(Base + 8, read) && read[15] == 0 ? 0 : 1;
            _translation.Leave();
        }

        editor.Join();
        Assert.Equal(0, failures);
    }
}
