using System;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class SharedRingTests : IDisposable
{
    private const int RingOffset = 1024;
    private const int Elements = 64;

    private readonly MappedMemory _memory = MappedMemory.Allocate(4096);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Count_IsTheNumberOfElements() => Assert.Equal((uint)Elements, Ring().Count);

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(63u, 63u)]
    [InlineData(64u, 0u)]
    [InlineData(65u, 1u)]
    [InlineData(uint.MaxValue, 63u)]
    [InlineData(0x8000_0000u, 0u)]
    public void Index_IsTakenModuloTheRing(uint index, uint element)
    {
        SharedRing<ulong> ring = Ring();

        ring.Write(index, 0x0123_4567_89ab_cdef);

        Assert.Equal(0x0123_4567_89ab_cdefUL, ring.Read(element));
        Assert.Equal(0xef, _memory.Slice(RingOffset + (element * 8), 1)[0]);
    }

    [Fact]
    public void Write_AtAnyIndex_StaysInsideTheRing()
    {
        _memory.Slice(0, 4096).Fill(0x5a);
        SharedRing<ulong> ring = Ring();

        for (uint step = 0; step < 32; step++)
        {
            ring.Write(1u << (int)step, 0);
            ring.Write((1u << (int)step) - 1, 0);
            ring.Write(uint.MaxValue - step, 0);
        }

        Assert.False(_memory.Slice(0, RingOffset).ContainsAnyExcept((byte)0x5a));
        int end = RingOffset + (Elements * sizeof(ulong));
        Assert.False(_memory.Slice(end, 4096 - end).ContainsAnyExcept((byte)0x5a));
    }

    [Fact]
    public void Read_GivesACopy_ThatALaterStoreDoesNotChange()
    {
        SharedRing<ulong> ring = Ring();
        ring.Write(5, 1);

        ulong copy = ring.Read(5);
        ring.Write(5, 2);

        Assert.Equal(1UL, copy);
    }

    private SharedRing<ulong> Ring() => _memory.Ring<ulong>(RingOffset, Elements);
}
