using System;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class MappedMemoryTests
{
    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(3, -1, 3)]
    public void Allocate_RoundsUpToWholePagesOfZeroes(int pages, int extraBytes, int expectedPages)
    {
        using MappedMemory memory = MappedMemory.Allocate((pages * Environment.SystemPageSize) + extraBytes);

        Assert.Equal((long)expectedPages * Environment.SystemPageSize, memory.Length);
        Assert.False(memory.Slice(0, (int)memory.Length).ContainsAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Allocate_WithoutALength_IsRefused(long length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MappedMemory.Allocate(length));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 4096)]
    [InlineData(4095, 1)]
    [InlineData(4096, 0)]
    public void Slice_InsideTheMapping_HasTheLengthAskedFor(long offset, int length)
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        Assert.Equal(length, memory.Slice(offset, length).Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 4097)]
    [InlineData(4096, 1)]
    [InlineData(4097, 0)]
    [InlineData(1, int.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MaxValue, int.MaxValue)]
    [InlineData(long.MinValue, 1)]
    public void Slice_OutsideTheMapping_IsRefused(long offset, int length)
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Slice(offset, length).Length);
    }

    [Fact]
    public void Slice_OfTheSameRange_IsTheSameMemory()
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        memory.Slice(100, 4)[3] = 0xa5;

        Assert.Equal(0xa5, memory.Slice(103, 1)[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void Ring_WhoseSizeIsNoPowerOfTwo_IsRefused(int elements)
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Ring<ulong>(0, elements));
    }

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(8, 512)]
    [InlineData(-8, 1)]
    [InlineData(0, 1 << 30)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    public void Ring_OutsideTheMappingOrMisaligned_IsRefused(long offset, int elements)
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Ring<ulong>(offset, elements));
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(4096)]
    [InlineData(4094)]
    [InlineData(2)]
    public void Word_OutsideTheMappingOrMisaligned_IsRefused(long offset)
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Word(offset));
    }

    [Theory]
    [InlineData(0, 3, 16)]
    [InlineData(0, 0, 16)]
    [InlineData(0, 4, 0)]
    [InlineData(0, 4, -16)]
    [InlineData(0, 4, 1025)]
    [InlineData(1, 4, 1024)]
    [InlineData(-1, 4, 16)]
    [InlineData(0, 1 << 30, int.MaxValue)]
    public void Slab_OfImpossibleShape_IsRefused(long offset, int buffers, int stride)
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Slab(offset, buffers, stride));
    }

    [Fact]
    public void Dispose_Twice_IsHarmless_AndEveryUseAfterwardsIsRefused()
    {
        MappedMemory memory = MappedMemory.Allocate(4096);

        memory.Dispose();
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => memory.Slice(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Ring<ulong>(0, 1));
        Assert.Throws<ObjectDisposedException>(() => memory.Word(0));
        Assert.Throws<ObjectDisposedException>(() => memory.Slab(0, 1, 1));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData((2 << 20) - 1, true)]
    [InlineData(2 << 20, true)]
    [InlineData((2 << 20) + 1, true)]
    [InlineData((4 << 20) + 4096, false)]
    [InlineData(8 << 20, true)]
    public void AllocateForHardware_IsZeroedWritableAndSharable_WithHugePagesOrWithout(int length, bool hugePages)
    {
        using MappedMemory memory = MappedMemory.AllocateForHardware(length, hugePages);

        Assert.True(memory.Length >= length);
        Assert.Equal(0, memory.Length % Environment.SystemPageSize);
        Assert.False(memory.Slice(0, length).ContainsAnyExcept((byte)0));
        memory.Slice(0, length)[length - 1] = 1;
        using FileDescriptor shared = memory.Share();
        Assert.True(shared.TryGetFile(out _, out long size));
        Assert.Equal(memory.Length, size);
    }
}
