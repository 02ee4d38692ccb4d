using System;
using System.Linq;
using System.Threading;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>Programs that are killed in the middle of something, and a mount that is torn away: nothing hangs, nothing is torn.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class KillTests
{
    [MountFact]
    public void KilledReaders_WhileMessagesArrive_TearNoMessage()
    {
        const int Turns = 25;
        const int Length = 64;
        using var mount = new Mount();
        bool isEnding = false;
        int pushed = 0;
        var feeder = new Thread(() =>
        {
            while (!Volatile.Read(ref isEnding))
            {
                if (mount.Stream.UnreadMessages < 4)
                {
                    mount.Stream.Push(Message(pushed++));
                }
            }
        });
        feeder.Start();
        try
        {
            for (int i = 0; i < Turns; i++)
            {
                using Client first = Client.Start("cat", mount.Node);
                using Client second = Client.Start("cat", mount.Node);
                _ = first.Output.ReadAtLeast(new byte[Length], Length);
                _ = second.Output.ReadAtLeast(new byte[Length], Length);
                first.Signal("-KILL");
                second.Signal("-KILL");
                _ = first.Wait();
                _ = second.Wait();
            }

            Mount.Until(() => mount.Stream.Opened == mount.Stream.Closed);
        }
        finally
        {
            Volatile.Write(ref isEnding, true);
            feeder.Join();
        }

        // What is left is the end of what was fed: whole, in order, without a gap.
        byte[] buffer = new byte[1000];
        using DeviceFile file = DeviceFile.Open(mount.Node, DeviceAccess.Read, nonBlocking: true);
        for (int next = pushed - mount.Stream.UnreadMessages; next < pushed; next++)
        {
            Assert.Equal(Length, file.Read(buffer));
            Assert.Equal(Message(next), buffer[..Length]);
        }

        Assert.Equal(-Errno.Again, file.Read(buffer));

        static byte[] Message(int number) => [.. BitConverter.GetBytes(number), .. Enumerable.Repeat((byte)number, Length - sizeof(int))];
    }

    [MountFact("python3")]
    public void KilledWriters_WhileOthersWrite_TearNoMessage()
    {
        const int Turns = 15;
        using var mount = new Mount();
        using DeviceFile other = DeviceFile.Open(mount.Node, DeviceAccess.Write, nonBlocking: true);
        byte[] mine = [.. Enumerable.Repeat((byte)'m', 100)];
        int sent = 0;
        for (int i = 0; i < Turns; i++)
        {
            using Client writer = Client.StartPython(
                "fd = os.open(sys.argv[1], os.O_WRONLY)\nprint('ready')\nwhile True: os.write(fd, b'w' * 1000)", mount.Node);
            Assert.Equal("ready", writer.ReadLine());

            // Room for whole messages of either length, a little at a time.
            for (int n = 0; n < 50; n++)
            {
                mount.Stream.Room = 10_000;
                sent += other.Write(mine) == mine.Length ? 1 : 0;
            }

            writer.Signal("-KILL");
            _ = writer.Wait();
        }

        mount.Stream.Room = int.MaxValue;
        Assert.Equal(mine.Length, other.Write(mine));
        sent++;

        // A message for which the room was not enough goes on where it stopped, with nothing of another in between: only those
        // of the killed are incomplete.
        int ofMine = 0;
        int ofWriter = 0;
        int torn = 0;
        foreach (byte[] piece in mount.Stream.TakeWritten())
        {
            if (piece[0] == 'w')
            {
                ofWriter += piece.Length;
                continue;
            }

            Assert.Equal(mine, piece);
            ofMine++;
            torn += ofWriter % 1000 != 0 ? 1 : 0;
            ofWriter = 0;
        }

        Assert.Equal(sent, ofMine);
        Assert.InRange(torn, 0, Turns);
    }

    [MountFact("python3", "umount")]
    public void Unmount_ByForce_EndsProgramsAndServer()
    {
        const string Script =
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            print('ready')
            try:
                if sys.argv[2] == 'read': os.read(fd, 1)
                elif sys.argv[2] == 'write': os.write(fd, b'x')
                else:
                    p = select.poll(); p.register(fd, select.POLLIN)
                    assert p.poll(60000) == [(fd, select.POLLERR)]
                    os.read(fd, 1)
            except OSError as e:
                print(e.errno in (errno.ECONNABORTED, errno.ENOTCONN))
            """;
        string folder = Mount.NewFolder();
        var stream = new MemoryNode("a") { Room = 0 };
        MountedNodeServer server = MountedNodeServer.Mount(folder, new NodeServerOptions { RequestTimeout = null });
        string node = server.Publish(stream);
        Client[] clients = [.. new[] { "read", "write", "poll" }.Select(kind => Client.StartPython(Script, node, kind))];
        foreach (Client client in clients)
        {
            Assert.Equal("ready", client.ReadLine());
            client.UntilAsleep();
        }

        // The kernel ends the connection at once, and says that the mount is busy; it then goes as any other.
        using (Client umount = Client.Start("umount", "-f", folder))
        {
            _ = umount.Wait();
        }

        foreach (Client client in clients)
        {
            Assert.Equal("True\n", client.Finish());
            client.Dispose();
        }

        Mount.Until(() => server.HasEnded);
        server.Dispose();
        Assert.Null(server.Fault);
        Assert.Equal(3, stream.Closed);
        Assert.False(System.IO.Directory.Exists(folder));
    }
}
