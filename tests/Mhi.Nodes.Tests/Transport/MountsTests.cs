using System;
using System.IO;
using Mhi.Nodes.Transport;
using Xunit;

namespace Mhi.Nodes.Tests.Transport;

public class MountsTests
{
    [Theory]
    [InlineData("36 35 98:0 / /run/mhi rw,nosuid - fuse.mhi mhi rw", "/run/mhi", true)]
    [InlineData("36 35 98:0 / /run/mhi rw,nosuid shared:1 master:2 - fuse.mhi mhi rw", "/run/mhi", true)]
    [InlineData("36 35 98:0 / /run/mhi rw,nosuid - ext4 /dev/sda rw", "/run/mhi", false)]
    [InlineData("36 35 98:0 / /run/mhi2 rw - fuse.mhi mhi rw", "/run/mhi", false)]
    [InlineData(@"36 35 98:0 / /run/a\040b\134c rw - fuse.mhi mhi rw", @"/run/a b\c", true)]
    [InlineData("nonsense", "/run/mhi", false)]
    [InlineData("1 2 3 4 5 -", "5", false)]
    public void IsMountOf_ReadsALine(string line, string path, bool isMount) =>
        Assert.Equal(isMount, Mounts.IsMountOf(line, path, "fuse.mhi"));

    [Fact]
    public void IsMounted_ReadsTheKernelsList()
    {
        Assert.True(Mounts.IsMounted("/proc", "proc"));
        Assert.False(Mounts.IsMounted("/proc", "fuse.mhi"));
    }

    [Theory]
    [InlineData("0", "0", null)]
    [InlineData("15", "0", 15)]
    [InlineData("0", "30", 30)]
    [InlineData("60", "30", 30)]
    [InlineData("20", "30", 20)]
    [InlineData("nonsense", "", null)]
    public void RequestTimeout_IsWhatTheKernelIsSetTo(string normal, string longest, int? seconds)
    {
        string folder = Directory.CreateTempSubdirectory("mhi-nodes").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "default_request_timeout"), normal + "\n");
            File.WriteAllText(Path.Combine(folder, "max_request_timeout"), longest + "\n");
            Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, KernelRequestTimeout.Read(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.Null(KernelRequestTimeout.Read(folder));
    }
}
