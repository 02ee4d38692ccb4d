using System;
using System.IO;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Nodes.Transport;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>A server and the mounts of others at the same place.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class OtherMountsTests
{
    [MountFact("umount")]
    public void Dispose_AfterAnUnmountBehindOpenFiles_LeavesTheNextServersMount()
    {
        string folder = Mount.NewFolder();
        MountedNodeServer first = MountedNodeServer.Mount(folder, new NodeServerOptions { Farewell = TimeSpan.Zero });
        using DeviceFile file = DeviceFile.Open(first.Publish(new MemoryNode("a")), DeviceAccess.ReadWrite, nonBlocking: false);
        _ = Client.Run("umount", "-l", folder);
        using MountedNodeServer second = MountedNodeServer.Mount(folder);
        string node = second.Publish(new MemoryNode("b"));
        Assert.Equal(1, file.Write([1]));
        first.Dispose();
        Assert.True(File.Exists(node));
        second.Dispose();
        Directory.Delete(folder);
    }

    [MountFact("umount")]
    public void Dispose_AfterAnUnmount_LeavesTheNextServersMount()
    {
        // The file system of the first has gone, so its number may be the second's.
        string folder = Mount.NewFolder();
        MountedNodeServer first = MountedNodeServer.Mount(folder);
        _ = Client.Run("umount", folder);
        Mount.Until(() => first.HasEnded);
        using MountedNodeServer second = MountedNodeServer.Mount(folder);
        string node = second.Publish(new MemoryNode("b"));
        first.Dispose();
        Assert.True(File.Exists(node));
        second.Dispose();
        Directory.Delete(folder);
    }

    [MountFact]
    public void Mount_OverADeadMountOfAnotherKind_IsRefusedAndLeavesIt()
    {
        string folder = Mount.NewFolder();
        Directory.CreateDirectory(folder);
        LeaveDeadMount(folder, "other", "fuse.other");
        try
        {
            var exception = Assert.Throws<NodeException>(() => MountedNodeServer.Mount(folder));
            Assert.Equal($"A dead mount of type fuse.other at '{folder}' cannot be replaced; run 'umount -l {folder}' as root.", exception.Message);
            Assert.Equal(Errno.NotConnected, MountPoint.Probe(folder));
        }
        finally
        {
            Assert.Equal(0, MountPoint.Detach(folder));
        }

        Directory.Delete(folder);
    }

    [MountFact]
    public void Mount_ThroughASymbolicLinkToAServersDirectory_IsRefused()
    {
        string folder = Mount.NewFolder();
        string link = folder + "-link";
        using MountedNodeServer server = MountedNodeServer.Mount(folder);
        _ = File.CreateSymbolicLink(link, folder);
        try
        {
            Assert.Equal(Errno.Busy, Assert.Throws<NodeException>(() => MountedNodeServer.Mount(link)).ErrorCode);
        }
        finally
        {
            File.Delete(link);
        }
    }

    [MountFact]
    public void Mount_ThroughASymbolicLink_IsTakenAwayAgain()
    {
        string folder = Directory.CreateTempSubdirectory("mhi-nodes").FullName;
        string link = folder + "-link";
        _ = File.CreateSymbolicLink(link, folder);
        using (MountedNodeServer server = MountedNodeServer.Mount(link))
        {
            Assert.Equal(Path.Combine(link, "a"), server.Publish(new MemoryNode("a")));
            Assert.True(File.Exists(Path.Combine(folder, "a")));
        }

        File.Delete(link);
        Directory.Delete(folder);
    }

    [MountFact]
    public void Identity_RemovesADeadMountButNoLivingOne()
    {
        string folder = Mount.NewFolder();
        using (MountedNodeServer server = MountedNodeServer.Mount(folder))
        {
            Assert.False(server.Identity.RemoveIfDead());
            Assert.True(File.Exists(server.Publish(new MemoryNode("a"))));
        }

        Directory.CreateDirectory(folder);
        NodeMount dead = LeaveDeadMount(folder, "mhi", "fuse.mhi");
        Assert.False(new NodeMount(folder, "0:1048575").RemoveIfDead());
        Assert.True(dead.RemoveIfDead());
        Assert.False(dead.RemoveIfDead());
        Directory.Delete(folder);
        Assert.False(dead.RemoveIfDead());
    }

    [MountFact]
    public void RequestTimeout_BelowASecond_IsRefusedBeforeAnythingIsMounted()
    {
        string folder = Mount.NewFolder();
        foreach (TimeSpan timeout in new[] { TimeSpan.FromSeconds(-1), TimeSpan.Zero, TimeSpan.FromMilliseconds(999) })
        {
            _ = Assert.Throws<ArgumentOutOfRangeException>(() => MountedNodeServer.Mount(folder, new NodeServerOptions { RequestTimeout = timeout }));
            Assert.False(Directory.Exists(folder));
        }
    }

    [MountFact]
    public void RequestTimeout_OfYears_IsTaken()
    {
        string folder = Mount.NewFolder();
        using (MountedNodeServer.Mount(folder, new NodeServerOptions { RequestTimeout = TimeSpan.FromDays(10_000) }))
        {
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    private static NodeMount LeaveDeadMount(string folder, string source, string type)
    {
        using KernelDevice device = KernelDevice.Open(KernelDevice.FusePath);
        MountPoint.Attach(source, folder, type, $"fd={device.Number},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions");
        _ = FuseHandshake.Run(device, new byte[8192]);
        using MountReference reference = MountReference.Open(folder);
        return new NodeMount(folder, Mounts.Find(reference.MountId)!.Value.Device);
    }
}
