using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>Signals lose nothing and double nothing.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class SignalTests
{
    [MountFact]
    public void KilledReader_TakesNothingWithIt()
    {
        using var mount = new Mount();

        // Not SIGINT: what a shell started in the background ignores it, and so do all that come from there.
        foreach (string signal in new[] { "-USR1", "-KILL", "-TERM" })
        {
            using Client cat = Client.Start("cat", mount.Node);
            Mount.Until(() => mount.Stream.Opened > mount.Stream.Closed);
            cat.UntilAsleep();
            cat.Signal(signal);
            Assert.NotEqual(0, cat.Wait().Code);
            Mount.Until(() => mount.Stream.Opened == mount.Stream.Closed);
        }

        mount.Stream.Push([1, 2, 3]);
        using DeviceFile file = DeviceFile.Open(mount.Node, DeviceAccess.Read, nonBlocking: true);
        byte[] buffer = new byte[10];
        Assert.Equal(3, file.Read(buffer));
        Assert.Equal([1, 2, 3], buffer[..3]);
    }

    [MountFact("python3")]
    public void KilledWriter_LeavesWholeMessagesOfOthersIntact()
    {
        using var mount = new Mount();
        mount.Stream.Room = 1000;
        using Client writer = Client.StartPython("fd = os.open(sys.argv[1], os.O_WRONLY)\nos.write(fd, b'x' * 5000)", mount.Node);
        Mount.Until(() => mount.Stream.Room == 0);
        writer.UntilAsleep();
        writer.Signal("-KILL");
        Assert.NotEqual(0, writer.Wait().Code);
        mount.Stream.Room = int.MaxValue;
        using DeviceFile file = DeviceFile.Open(mount.Node, DeviceAccess.Write, nonBlocking: false);
        Assert.Equal(3, file.Write([1, 2, 3]));
        byte[][] written = mount.Stream.TakeWritten();
        Assert.Equal(1000, written.SkipLast(1).Sum(bytes => bytes.Length));
        Assert.Equal([1, 2, 3], written[^1]);
    }

    [MountFact("python3")]
    public void InterruptedWrite_ReturnsItsCount()
    {
        using var mount = new Mount();
        mount.Stream.Room = 1000;
        using Client writer = Client.StartPython(
            """
            signal.signal(signal.SIGUSR1, lambda *args: None)
            fd = os.open(sys.argv[1], os.O_WRONLY)
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            data = b'x' * 5000
            print(libc.write(fd, data, len(data)))
            """,
            mount.Node);
        Mount.Until(() => mount.Stream.Room == 0);
        writer.UntilAsleep();
        writer.Signal("-USR1");
        Assert.Equal("1000\n", writer.Finish());
        Assert.Equal(1000, mount.Stream.TakeWritten().Sum(bytes => bytes.Length));
    }

    [MountFact("python3")]
    public void StormOfSignals_LosesAndDoublesNothing()
    {
        const int Messages = 3000;
        using var mount = new Mount();
        using Client reader = Client.StartPython(
            """
            signal.signal(signal.SIGALRM, lambda *args: None)
            signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0003)
            fd = os.open(sys.argv[1], os.O_RDONLY)
            print('ready')
            for i in range(int(sys.argv[2])):
                got = os.read(fd, 100)
                assert got == str(i).encode(), (i, got)
            signal.setitimer(signal.ITIMER_REAL, 0)
            print('ok')
            """,
            mount.Node,
            Messages.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("ready", reader.ReadLine());
        for (int i = 0; i < Messages; i++)
        {
            mount.Stream.Push(System.Text.Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
            if (i % 3 == 0)
            {
                Mount.Until(() => mount.Stream.UnreadMessages == 0);
            }
        }

        Assert.Equal("ok\n", reader.Finish());
    }

    [MountFact("python3")]
    public void StormOfSignals_OnWriters_LosesAndDoublesNothing()
    {
        const int Words = 50_000;
        const int Writers = 2;
        using var mount = new Mount();
        mount.Stream.Room = 0;
        Client[] writers = [.. Enumerable.Range(0, Writers).Select(i => Client.StartPython(
            """
            import ctypes, struct
            libc = ctypes.CDLL(None, use_errno=True)
            words, writer = int(sys.argv[2]), int(sys.argv[3])
            data = struct.pack('<%dI' % words, *(writer * words + i for i in range(words)))
            fd = os.open(sys.argv[1], os.O_WRONLY)
            signal.signal(signal.SIGALRM, lambda *args: None)
            signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
            print('ready')
            at = cut = 0
            while at < len(data):
                piece = data[at:at + 5000]
                n = libc.write(fd, piece, len(piece))
                assert n > 0 or ctypes.get_errno() == errno.EINTR
                cut += n != len(piece)
                at += max(n, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert cut > 0
            print('ok')
            """,
            mount.Node,
            Words.ToString(CultureInfo.InvariantCulture),
            i.ToString(CultureInfo.InvariantCulture)))];
        Assert.All(writers, writer => Assert.Equal("ready", writer.ReadLine()));
        var written = new List<uint>();
        while (written.Count < Writers * Words)
        {
            // Room for part of a write, so that signals find it half done.
            Mount.Until(() => mount.Stream.Room == 0 || mount.Stream.HasWritten);
            mount.Stream.Room = 1400;
            foreach (byte[] piece in mount.Stream.TakeWritten())
            {
                written.AddRange(MemoryMarshal.Cast<byte, uint>(piece));
            }
        }

        foreach (Client writer in writers)
        {
            Assert.Equal("ok\n", writer.Finish());
            writer.Dispose();
        }

        Assert.Empty(mount.Stream.TakeWritten());
        for (uint i = 0; i < Writers; i++)
        {
            Assert.Equal(Enumerable.Range((int)i * Words, Words), written.Where(word => word / Words == i).Select(word => (int)word));
        }
    }

    [MountFact("python3")]
    public void StoppedReader_GoesOn()
    {
        using var mount = new Mount();
        using Client reader = Client.StartPython(
            "fd = os.open(sys.argv[1], os.O_RDONLY)\nprint('ready')\nprint(os.read(fd, 100))", mount.Node);
        Assert.Equal("ready", reader.ReadLine());
        for (int i = 0; i < 5; i++)
        {
            reader.UntilAsleep();
            reader.Signal("-STOP");
            Mount.Until(() => reader.State == 'T');
            reader.Signal("-CONT");
        }

        mount.Stream.Push("abc"u8.ToArray());
        Assert.Equal("b'abc'\n", reader.Finish());
    }

    [MountFact("python3")]
    public void BlockedWriter_DoesNotHoldUpANonBlockingOne()
    {
        using var mount = new Mount();
        mount.Stream.Room = 0;
        using Client writer = Client.StartPython(
            "fd = os.open(sys.argv[1], os.O_WRONLY)\nprint('ready')\nos.write(fd, b'abc')\nprint('done')", mount.Node);
        Assert.Equal("ready", writer.ReadLine());
        writer.UntilAsleep();
        using DeviceFile file = DeviceFile.Open(mount.Node, DeviceAccess.ReadWrite, nonBlocking: true);
        Assert.Equal(-Errno.Again, file.Write([1]));
        Assert.Equal(-Errno.Again, file.Read(new byte[1]));
        mount.Stream.Room = 100;
        Assert.Equal("done\n", writer.Finish());
    }
}
