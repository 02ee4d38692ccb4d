using System;
using System.IO;
using Mhi.Interop.Files;
using Mhi.Nodes.Transport;
using Xunit;

namespace Mhi.Nodes.Tests.Transport;

public class MountsTests
{
    [Theory]
    [InlineData("36 35 0:98 / /run/mhi rw,nosuid - fuse.mhi mhi rw", "fuse.mhi", "mhi", true)]
    [InlineData("36 35 0:98 / /run/mhi rw,nosuid shared:1 master:2 - fuse.mhi mhi rw", "fuse.mhi", "mhi", true)]
    [InlineData("36 35 0:98 / /run/mhi rw - fuse.mhi other rw", "fuse.mhi", "other", false)]
    [InlineData("36 35 0:98 / /run/mhi rw - fuse.sshfs mhi rw", "fuse.sshfs", "mhi", false)]
    public void Parse_ReadsALine(string line, string type, string source, bool isOfNodes)
    {
        MountEntry? entry = Mounts.Parse(line);
        Assert.Equal(new MountEntry(36, "0:98", type, source), entry);
        Assert.Equal(isOfNodes, entry!.Value.IsOfNodes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1 2 3 4 5 -")]
    [InlineData("36 35 0:98 / /run/mhi rw - fuse.mhi")]
    [InlineData("x 35 0:98 / /run/mhi rw - fuse.mhi mhi rw")]
    public void Parse_OfWhatIsNoMount_IsNull(string line) => Assert.Null(Mounts.Parse(line));

    [Fact]
    public void Find_ReadsTheKernelsList()
    {
        using MountReference proc = MountReference.Open("/proc/self");
        Assert.Equal("proc", Mounts.Find(proc.MountId)?.Type);
        Assert.Null(Mounts.Find(-1));
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
