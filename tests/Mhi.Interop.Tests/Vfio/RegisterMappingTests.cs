using System;
using System.Buffers.Binary;
using System.IO;
using Mhi.Interop.Vfio;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Mhi.Interop.Tests.Vfio;

/// <summary>A file stands for the device: it can be mapped, and cut, which is what the kernel does to a BAR it takes back.</summary>
public sealed class RegisterMappingTests : IDisposable
{
    private const uint Ones = uint.MaxValue;

    private readonly SafeFileHandle _file;
    private readonly int _page = Environment.SystemPageSize;

    public RegisterMappingTests()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mhi-bar-{Guid.NewGuid():N}");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.SetLength(_file, 8 * _page);
    }

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Window_ReadsAndWritesWhereTheRegionIs()
    {
        using RegisterMapping mapping = Map(4 * _page, (0, 4 * _page));
        Put(_page + 8, 0x1234_5678);

        mapping.Window.Write(12, 0x9abc_def0);

        Assert.Equal(0x1234_5678u, mapping.Window.Read(8));
        Assert.Equal(0x9abc_def0u, Get(_page + 12));
        Assert.Equal((uint)(4 * _page), mapping.Length);
        Assert.False(mapping.IsGone);
    }

    [Fact]
    public void Window_TakesAnyOffset_ModuloTheLength()
    {
        using RegisterMapping mapping = Map(_page, (0, _page));
        mapping.Window.Write((uint)_page + 4, 7);

        Assert.Equal(7u, mapping.Window.Read(4));
        Assert.Equal(7u, mapping.Window.Read(7));
        Assert.Equal(7u, mapping.Window.Read(unchecked((uint)-_page) + 4));
    }

    [Fact]
    public void Window_OfWhatTheKernelKeepsToItself_ReadsAllOnes_AndKeepsWritesInTheProcess()
    {
        using RegisterMapping mapping = Map(4 * _page, (0, _page), (3 * _page, _page));
        uint hole = (uint)_page + 16;

        Assert.Equal(Ones, mapping.Window.Read(hole));
        Assert.Equal(0u, mapping.Window.Read(0));
        Assert.Equal(0u, mapping.Window.Read(3 * (uint)_page));
        mapping.Window.Write(hole, 5);
        Assert.Equal(0u, Get(_page + (int)hole));
        Assert.False(mapping.IsGone);
    }

    [Fact]
    public void Window_WhenTheRegistersAreTakenAway_ReadsAllOnes()
    {
        using RegisterMapping mapping = Map(4 * _page, (0, 4 * _page));
        RandomAccess.SetLength(_file, 0);

        Assert.Equal(Ones, mapping.Window.Read(8));
        Assert.True(mapping.IsGone);
        mapping.Window.Write(0, 1);
        Assert.Equal(0, RandomAccess.GetLength(_file));
    }

    [Fact]
    public void Detach_PutsAllOnesInTheirPlace_AndTheDeviceIsLeftAlone()
    {
        using RegisterMapping mapping = Map(4 * _page, (0, 4 * _page));
        RegisterWindow window = mapping.Window;

        mapping.Detach();

        Assert.Equal(Ones, window.Read(8));
        window.Write(8, 1);
        Assert.Equal(0u, Get(_page + 8));
        Assert.True(mapping.IsGone);
    }

    [Fact]
    public void Window_AfterDispose_IsRefused()
    {
        RegisterMapping mapping = Map(_page, (0, _page));
        mapping.Dispose();
        mapping.Dispose();

        Assert.Throws<ObjectDisposedException>(() => mapping.Window);
        Assert.Throws<ObjectDisposedException>(mapping.Detach);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(12288)]
    [InlineData(1L << 31)]
    public void Create_WithALengthThatNoBarHas_IsRefused(long length) =>
        Assert.Throws<NotSupportedException>(() => Map(length, (0, length)));

    [Fact]
    public void Create_WhenTheDeviceCannotBeMapped_ReportsTheCall()
    {
        _file.Dispose();

        var exception = Assert.Throws<SystemCallException>(() => RegisterMapping.Create(-1, new VfioRegion(0, (ulong)_page, 0, [(0, (ulong)_page)])));

        Assert.Equal("mmap", exception.Call);
    }

    private RegisterMapping Map(long size, params (long Offset, long Length)[] areas) => RegisterMapping.Create(
        (int)_file.DangerousGetHandle(),
        new VfioRegion(0, (ulong)size, (ulong)_page, [.. Array.ConvertAll(areas, static area => ((ulong)area.Offset, (ulong)area.Length))]));

    private void Put(int offset, uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        RandomAccess.Write(_file, bytes, offset);
    }

    private uint Get(int offset)
    {
        byte[] bytes = new byte[4];
        _ = RandomAccess.Read(_file, bytes, offset);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
