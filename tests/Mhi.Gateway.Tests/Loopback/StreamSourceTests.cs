using System.IO;
using Mhi.Gateway.Loopback;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class StreamSourceTests
{
    [Fact]
    public void Read_OfAFile_GivesItsBytesAndThenZero()
    {
        using var folder = new TemporaryFolder();
        using StreamSource source = StreamSource.Open(folder.Add("input", [1, 2, 3]));
        var bytes = new byte[8];

        Assert.Equal(3, source.Length);
        Assert.Equal(3, source.Read(bytes));
        Assert.Equal([1, 2, 3], bytes[..3]);
        Assert.Equal(0, source.Read(bytes));
    }

    [Fact]
    public void Read_OfAFileThatShrank_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("input", new byte[1000]);
        using StreamSource source = StreamSource.Open(path);
        Assert.Equal(600, source.Read(new byte[600]));
        using (FileStream file = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(700);
        }

        Assert.Equal(100, source.Read(new byte[600]));
        GatewayException exception = Assert.Throws<GatewayException>(() => source.Read(new byte[600]));

        Assert.Equal($"The input '{path}' became shorter while it was read: it had 1000 bytes and ended after 700.", exception.Message);
    }

    [Fact]
    public void Read_OfAFileThatGrew_GivesTheNewBytesToo()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("input", new byte[10]);
        using StreamSource source = StreamSource.Open(path);
        Assert.Equal(10, source.Read(new byte[10]));
        using (FileStream file = File.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            file.WriteByte(7);
        }

        Assert.Equal(1, source.Read(new byte[10]));
        Assert.Equal(0, source.Read(new byte[10]));
    }
}
