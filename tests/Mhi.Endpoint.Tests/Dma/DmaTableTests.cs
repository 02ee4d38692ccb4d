using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Dma;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Endpoint.Tests.Dma;

public sealed class DmaTableTests : IDisposable
{
    private const ulong Base = 0x1_0000_0000;
    private const ulong Page = 4096;
    private const int Pages = 65_536;

    private readonly MappedMemory _memory = MappedMemory.Allocate(Pages * 4);
    private readonly DmaTranslation _translation = new();

    public void Dispose() => _memory.Dispose();

    /// <summary>Each page has one word of memory that holds its number, so that an access shows which entry served it.</summary>
    [Fact]
    public void AllPagesInRandomOrder_ComeAndGo_AndAlwaysServeTheirOwnMemory()
    {
        int[] order = [.. Enumerable.Range(0, Pages)];
        var random = new Random(7);
        random.Shuffle(order);
        foreach (int page in order)
        {
            _memory.Word(page * 4L).WriteRelease((uint)page);
            Assert.True(TryMap(page));
            Assert.False(TryMap(page));
        }

        Assert.Equal(Pages, _translation.Count);
        int hint = 0;
        for (int page = 0; page < Pages; page++)
        {
            Assert.True(_translation.TryReadWord(AddressOf(page), out uint value, ref hint));
            Assert.Equal((uint)page, value);
            Assert.True(_translation.TryReadWord(AddressOf(page), out value, ref hint));
            Assert.Equal((uint)page, value);
        }

        random.Shuffle(order);
        for (int i = 0; i < Pages; i++)
        {
            Assert.True(_translation.TryUnmap(AddressOf(order[i]), 4));
            Assert.False(_translation.TryReadWord(AddressOf(order[i]), out _, ref hint));
            if (i + 1 < Pages)
            {
                Assert.True(_translation.TryReadWord(AddressOf(order[i + 1]), out uint value, ref hint));
                Assert.Equal((uint)order[i + 1], value);
            }
        }

        Assert.Equal(0, _translation.Count);
        Assert.False(_translation.TryUnmap(0, ulong.MaxValue));
    }

    [Theory]
    [InlineData(0, 999)]
    [InlineData(0, 0)]
    [InlineData(1, 998)]
    [InlineData(127, 128)]
    [InlineData(130, 131)]
    [InlineData(63, 900)]
    [InlineData(900, 999)]
    public void RangeOverManyEntries_IsTakenOutWhole(int first, int last)
    {
        for (int page = 0; page < 1000; page++)
        {
            Assert.True(TryMap(page));
        }

        var removed = new List<ulong>();
        Assert.Equal(-1, _translation.TryUnmapRange(AddressOf(first) + 1, AddressOf(last) + 3, removed));
        Assert.Equal(1000, _translation.Count);
        Assert.Equal(last - first + 1, _translation.TryUnmapRange(AddressOf(first), AddressOf(last) + 3, removed));

        Assert.Equal(Enumerable.Range(first, last - first + 1).Select(AddressOf), removed);
        Assert.Equal(1000 - removed.Count, _translation.Count);
        for (int page = 0; page < 1000; page++)
        {
            Assert.Equal(page < first || page > last, _translation.TryRead(AddressOf(page), new byte[4]));
        }

        Assert.Equal(0, _translation.TryUnmapRange(AddressOf(first), AddressOf(last) + 3, removed));
        for (int page = last; page >= first; page--)
        {
            Assert.True(TryMap(page));
        }

        Assert.Equal(1000, _translation.TryUnmapRange(0, ulong.MaxValue, null));
    }

    [Fact]
    public void AccessOverManyEntries_GoesThroughTheChunks()
    {
        const int Entries = 600;
        for (int entry = Entries - 1; entry >= 0; entry--)
        {
            _memory.Word(entry * 4L).WriteRelease((uint)(entry * 3));
            Assert.True(_translation.TryMap(Base + ((ulong)entry * 4), _memory.Window(entry * 4L, 4), DmaAccess.ReadWrite));
        }

        byte[] read = new byte[(Entries * 4) - 2];

        Assert.True(_translation.TryRead(Base + 1, read));
        Assert.Equal(_memory.Slice(1, read.Length).ToArray(), read);
        Assert.True(_translation.TryUnmap(Base + 1200, 4));
        Assert.False(_translation.TryRead(Base + 1, read));
    }

    private static ulong AddressOf(int page) => Base + ((ulong)page * Page);

    private bool TryMap(int page) => _translation.TryMap(AddressOf(page), _memory.Window(page * 4L, 4), DmaAccess.ReadWrite);
}
