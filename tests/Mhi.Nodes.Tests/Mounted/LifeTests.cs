using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Nodes.Transport;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>Servers and nodes that come and go.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class LifeTests
{
    [MountFact]
    public void Node_WithdrawnAndPublishedAgain_WorksForNewOpens()
    {
        using var mount = new Mount();
        for (int i = 0; i < 20; i++)
        {
            using DeviceFile file = DeviceFile.Open(mount.Node, DeviceAccess.ReadWrite, nonBlocking: false);
            Assert.Equal(1, file.Write([1]));
            Assert.True(mount.Server.Withdraw(mount.Stream));
            Assert.False(File.Exists(mount.Node));
            Assert.False(mount.Server.Withdraw(mount.Stream));
            Assert.Equal(mount.Node, mount.Server.Publish(mount.Stream));
            Assert.Equal(-Errno.NoDevice, file.Write([2]));
            using DeviceFile next = DeviceFile.Open(mount.Node, DeviceAccess.ReadWrite, nonBlocking: false);
            Assert.Equal(1, next.Write([3]));
        }
    }

    [MountFact]
    public void Node_WithTheNameOfAnother_IsRefused()
    {
        using var mount = new Mount();
        var exception = Assert.Throws<NodeException>(() => mount.Server.Publish(new MemoryNode("mhi_0_TEST")));
        Assert.Contains("mhi_0_TEST", exception.Message, StringComparison.Ordinal);
        _ = Assert.Throws<ArgumentException>(() => mount.Server.Publish(new MemoryNode("a/b")));
    }

    [MountFact]
    public async Task Dispose_WhileProgramsCallWithoutAPause_Ends()
    {
        string folder = Mount.NewFolder();
        var stream = new MemoryNode("a");
        MountedNodeServer server = MountedNodeServer.Mount(
            folder, new NodeServerOptions { Farewell = TimeSpan.FromMilliseconds(50), RequestTimeout = null });
        string node = server.Publish(stream);
        using var ready = new CountdownEvent(16);
        Thread[] clients = [.. Enumerable.Range(0, ready.InitialCount).Select(_ => new Thread(() =>
        {
            using DeviceFile file = DeviceFile.Open(node, DeviceAccess.Read, nonBlocking: true);
            byte[] buffer = new byte[1];
            Assert.Equal(-Errno.Again, file.Read(buffer));
            ready.Signal();
            while (file.Read(buffer) is -Errno.Again or -Errno.NoDevice)
            {
            }
        }) { IsBackground = true })];
        Array.ForEach(clients, client => client.Start());
        Assert.True(ready.Wait(TimeSpan.FromSeconds(30)));
        await Task.Run(server.Dispose).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(clients, client => Assert.True(client.Join(TimeSpan.FromSeconds(30))));
        Assert.Null(server.Fault);
        Assert.Equal(stream.Opened, stream.Closed);
    }

    [MountFact]
    public void Mount_LeftBehindByACrash_IsReplaced()
    {
        string folder = Mount.NewFolder();
        Directory.CreateDirectory(folder);
        for (int i = 0; i < 2; i++)
        {
            using KernelDevice device = KernelDevice.Open(KernelDevice.FusePath);
            MountPoint.Attach("mhi", folder, "fuse.mhi", $"fd={device.Number},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions");
            FuseHandshake.Run(device, new byte[8192]);
        }

        Assert.Equal(Errno.NotConnected, MountPoint.Probe(folder));
        using (MountedNodeServer server = MountedNodeServer.Mount(folder))
        {
            string path = server.Publish(new MemoryNode("a"));
            Assert.True(File.Exists(path));
        }

        Assert.True(Directory.Exists(folder));

        // Not, were it still a mount.
        Directory.Delete(folder);
    }

    [MountFact]
    public void Mount_WhereAServerRuns_IsRefused()
    {
        using var mount = new Mount();
        var exception = Assert.Throws<NodeException>(() => MountedNodeServer.Mount(mount.Folder));
        Assert.Equal(Errno.Busy, exception.ErrorCode);
        Assert.True(File.Exists(mount.Node));
    }

    [MountFact]
    public void Mount_OverFiles_IsRefused()
    {
        string folder = Mount.NewFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "file"), "");
        Assert.Contains("not empty", Assert.Throws<NodeException>(() => MountedNodeServer.Mount(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [MountFact("python3")]
    public void Dispose_WithProgramsInEveryCall_EndsThemAll()
    {
        const string Script =
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            print('ready')
            try:
                if sys.argv[2] == 'read': os.read(fd, 1)
                elif sys.argv[2] == 'write': os.write(fd, b'x')
                else:
                    p = select.poll(); p.register(fd, select.POLLIN); p.poll(60000)
                    os.read(fd, 1)
            except OSError as e:
                print(e.errno == errno.ENODEV)
            """;
        Client[] clients;
        using (var mount = new Mount())
        {
            mount.Stream.Room = 0;
            clients = [.. new[] { "read", "write", "poll" }.Select(kind => Client.StartPython(Script, mount.Node, kind))];
            foreach (Client client in clients)
            {
                Assert.Equal("ready", client.ReadLine());
                client.UntilAsleep();
            }
        }

        foreach (Client client in clients)
        {
            Assert.Equal("True\n", client.Finish());
            client.Dispose();
        }
    }

    [MountFact]
    public void Dispose_WithAFileThatStaysOpen_DoesNotWaitForIt()
    {
        string folder = Mount.NewFolder();
        var stream = new MemoryNode("a");
        MountedNodeServer server = MountedNodeServer.Mount(folder, new NodeServerOptions { Farewell = TimeSpan.FromMilliseconds(50) });
        using DeviceFile file = DeviceFile.Open(server.Publish(stream), DeviceAccess.ReadWrite, nonBlocking: false);
        server.Dispose();
        Assert.False(Directory.Exists(folder));
        Assert.Equal(-Errno.NotConnected, file.Read(new byte[1]));
        Assert.Equal(FileEvents.Error, file.Wait(FileEvents.In, null, 10_000) & FileEvents.Error);
        Assert.Equal(1, stream.Closed);
        server.Dispose();
    }

    [MountFact("umount")]
    public void Unmount_ByTheAdministrator_EndsTheServer()
    {
        string folder = Mount.NewFolder();
        var stream = new MemoryNode("a");
        MountedNodeServer server = MountedNodeServer.Mount(folder);
        DeviceFile file = DeviceFile.Open(server.Publish(stream), DeviceAccess.ReadWrite, nonBlocking: false);
        using Client busy = Client.Start("umount", folder);
        Assert.NotEqual(0, busy.Wait().Code);
        Assert.Equal(1, file.Write([1]));
        _ = Client.Run("umount", "-l", folder);
        Assert.Equal(1, file.Write([1]));
        Assert.False(server.HasEnded);
        file.Dispose();
        Mount.Until(() => server.HasEnded);
        server.Dispose();
        Assert.Equal(1, stream.Closed);
    }

    [MountFact]
    public async Task ManyProgramsAndRemovals_LeaveNothingBehind()
    {
        using var mount = new Mount(echoes: true);
        bool isEnding = false;
        Task[] clients = [.. Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            byte[] message = new byte[100 + i];
            byte[] buffer = new byte[1000];
            while (!Volatile.Read(ref isEnding))
            {
                try
                {
                    using DeviceFile file = DeviceFile.Open(mount.Node, DeviceAccess.ReadWrite, nonBlocking: i % 2 == 0);
                    for (int n = 0; n < 50; n++)
                    {
                        if (file.Write(message) < 0 || file.Wait(FileEvents.In, null, 100) == FileEvents.None)
                        {
                            break;
                        }

                        int count = i % 2 == 0 ? file.Read(buffer) : -Errno.Again;
                        Assert.True(count is >= 0 or -Errno.Again or -Errno.NoDevice, $"{count}");
                    }
                }
                catch (Mhi.Interop.SystemCallException exception)
                {
                    Assert.True(exception.NativeErrorCode is Errno.NoEntry or Errno.NoDevice, exception.Message);
                }
            }
        }))];
        for (int i = 0; i < 200; i++)
        {
            int opened = mount.Stream.Opened;
            await Task.Run(() => Mount.Until(() => mount.Stream.Opened >= opened + 5));
            Assert.True(mount.Server.Withdraw(mount.Stream));
            _ = mount.Server.Publish(mount.Stream);
        }

        Volatile.Write(ref isEnding, true);
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60));
        Mount.Until(() => mount.Stream.Opened == mount.Stream.Closed);
    }
}
