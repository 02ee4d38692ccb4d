using System;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class BufferSlabTests : IDisposable
{
    private const int SlabOffset = 512;
    private const int Buffers = 8;
    private const int Stride = 100;

    private readonly MappedMemory _memory = MappedMemory.Allocate(4096);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Shape_IsWhatWasAskedFor()
    {
        BufferSlab slab = Slab();

        Assert.Equal(Buffers, slab.Count);
        Assert.Equal(Stride, slab.Stride);
    }

    [Fact]
    public void Buffers_DoNotOverlap()
    {
        BufferSlab slab = Slab();
        for (uint i = 0; i < Buffers; i++)
        {
            slab.Slice(i, Stride).Fill((byte)(i + 1));
        }

        for (uint i = 0; i < Buffers; i++)
        {
            Assert.False(slab.Slice(i, Stride).ContainsAnyExcept((byte)(i + 1)));
        }
    }

    [Theory]
    [InlineData(8u, 0u)]
    [InlineData(9u, 1u)]
    [InlineData(uint.MaxValue, 7u)]
    public void Index_IsTakenModuloTheNumberOfBuffers(uint index, uint buffer)
    {
        BufferSlab slab = Slab();

        slab.Slice(index, 1)[0] = 0xc3;

        Assert.Equal(0xc3, _memory.Slice(SlabOffset + (buffer * Stride), 1)[0]);
    }

    [Fact]
    public void Slice_OfEveryBufferInFull_StaysInsideTheSlab()
    {
        _memory.Slice(0, 4096).Fill(0x5a);
        BufferSlab slab = Slab();

        for (uint i = 0; i < 4 * Buffers; i++)
        {
            slab.Slice(i, Stride).Clear();
        }

        Assert.False(_memory.Slice(0, SlabOffset).ContainsAnyExcept((byte)0x5a));
        int end = SlabOffset + (Buffers * Stride);
        Assert.False(_memory.Slice(end, 4096 - end).ContainsAnyExcept((byte)0x5a));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(100u)]
    public void Slice_UpToTheStride_HasTheLengthAskedFor(uint length) =>
        Assert.Equal((int)length, Slab().Slice(3, length).Length);

    [Theory]
    [InlineData(101u)]
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue)]
    public void Slice_LongerThanABuffer_IsRefused(uint length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Slab().Slice(0, length).Length);

    private BufferSlab Slab() => _memory.Slab(SlabOffset, Buffers, Stride);
}
