using System;
using System.Text;
using Mhi.Nodes.Protocol;
using Xunit;

namespace Mhi.Nodes.Tests.Protocol;

public class DirectoryWriterTests
{
    [Fact]
    public void TryAdd_PadsToEightBytes()
    {
        byte[] bytes = new byte[64];
        Array.Fill(bytes, (byte)0xff);
        var writer = new DirectoryWriter(bytes);
        Assert.True(writer.TryAdd(5, 6, DirectoryEntry.RegularFile, "abc"));
        Assert.Equal(32, writer.Length);
        Assert.Equal(
            "0500000000000000" + "0600000000000000" + "03000000" + "08000000" + Convert.ToHexStringLower(Encoding.ASCII.GetBytes("abc")) + "0000000000",
            Convert.ToHexStringLower(bytes.AsSpan(0, 32)));
        Assert.Equal(0xff, bytes[32]);
    }

    [Fact]
    public void TryAdd_WhenNoRoom_WritesNothing()
    {
        byte[] bytes = new byte[63];
        var writer = new DirectoryWriter(bytes);
        Assert.True(writer.TryAdd(1, 1, DirectoryEntry.Directory, "."));
        Assert.False(writer.TryAdd(1, 2, DirectoryEntry.Directory, ".."));
        Assert.Equal(32, writer.Length);
    }
}
