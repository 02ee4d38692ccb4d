using System;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class MemoryWindowTests : IDisposable
{
    private const int WindowOffset = 1024;
    private const int WindowLength = 256;

    private readonly MappedMemory _memory = MappedMemory.Allocate(4096);

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(0UL, 256)]
    [InlineData(255UL, 1)]
    [InlineData(256UL, 0)]
    public void TrySlice_InsideTheWindow_GivesThoseBytes(ulong offset, int length)
    {
        Assert.True(Window().TrySlice(offset, length, out Span<byte> bytes));

        Assert.Equal(length, bytes.Length);
        bytes.Fill(0x77);
        Assert.False(_memory.Slice(WindowOffset + (long)offset, length).ContainsAnyExcept((byte)0x77));
    }

    [Theory]
    [InlineData(0UL, 257)]
    [InlineData(0UL, -1)]
    [InlineData(0UL, int.MinValue)]
    [InlineData(256UL, 1)]
    [InlineData(257UL, 0)]
    [InlineData(1UL, int.MaxValue)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(ulong.MaxValue, int.MaxValue)]
    [InlineData(ulong.MaxValue - 254, 255)]
    [InlineData(0x8000_0000_0000_0000UL, 1)]
    public void TrySlice_OutsideTheWindow_IsRefused(ulong offset, int length)
    {
        Assert.False(Window().TrySlice(offset, length, out Span<byte> bytes));

        Assert.True(bytes.IsEmpty);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(252UL)]
    public void TryWord_InsideTheWindow_IsThatWord(ulong offset)
    {
        Assert.True(Window().TryWord(offset, out SharedWord word));

        word.WriteRelease(0x89ab_cdef);
        Assert.Equal(0x89ab_cdefu, _memory.Word(WindowOffset + (long)offset).ReadAcquire());
    }

    [Theory]
    [InlineData(253UL)]
    [InlineData(254UL)]
    [InlineData(256UL)]
    [InlineData(260UL)]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 3)]
    public void TryWord_OutsideTheWindowOrMisaligned_IsRefused(ulong offset) => Assert.False(Window().TryWord(offset, out _));

    [Fact]
    public void TryWord_IsAlignedInMemory_NotInTheWindow()
    {
        MemoryWindow shifted = _memory.Window(WindowOffset + 2, WindowLength);

        Assert.False(shifted.TryWord(0, out _));
        Assert.True(shifted.TryWord(2, out _));
    }

    [Fact]
    public void Default_IsEmpty()
    {
        MemoryWindow window = default;

        Assert.Equal(0UL, window.Length);
        Assert.False(window.TrySlice(0, 1, out _));
        Assert.False(window.TryWord(0, out _));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 4097)]
    [InlineData(4096, 1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Window_OutsideTheMapping_IsRefused(long offset, long length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _memory.Window(offset, length));

    private MemoryWindow Window() => _memory.Window(WindowOffset, WindowLength);
}
