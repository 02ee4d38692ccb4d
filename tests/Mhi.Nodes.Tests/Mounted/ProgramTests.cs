using System;
using System.IO;
using System.Linq;
using System.Text;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>Ordinary programs on a node.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class ProgramTests
{
    [MountFact]
    public void Cat_PrintsMessagesUntilTheDeviceGoes()
    {
        using var mount = new Mount();
        using Client cat = Client.Start("cat", mount.Node);
        byte[] read = new byte[100];
        foreach (string text in new[] { "one\n", "two\n" })
        {
            mount.Stream.Push(Encoding.ASCII.GetBytes(text));
            int count = cat.Output.ReadAtLeast(read, 4);
            Assert.Equal(text, Encoding.ASCII.GetString(read, 0, count));
        }

        Assert.True(mount.Server.Withdraw(mount.Stream));
        Assert.Equal(1, cat.Wait().Code);
    }

    [MountFact]
    public void Dd_WritesItsBlocksAsMessages()
    {
        using var mount = new Mount();
        _ = Client.Run("dd", "if=/dev/zero", $"of={mount.Node}", "bs=1000", "count=3", "status=none");
        Assert.Equal([1000, 1000, 1000], mount.Stream.TakeWritten().Select(bytes => bytes.Length));
    }

    [MountFact]
    public void Dd_ReadsOneMessagePerBlock()
    {
        using var mount = new Mount();
        mount.Stream.Push(new byte[700]);
        mount.Stream.Push(new byte[1000]);
        using Client dd = Client.Start("dd", $"if={mount.Node}", "of=/dev/null", "bs=1000", "count=2");
        (int code, string _) = dd.Wait();
        Assert.Equal(0, code);
        Assert.Equal(0, mount.Stream.UnreadMessages);
    }

    [MountFact]
    public void Shell_RedirectsBothWays()
    {
        using var mount = new Mount(echoes: true);
        Assert.Equal("hello\n", Client.Run("bash", "-c", $"exec 3<>{mount.Node}; echo hello >&3; head -n 1 <&3"));
        _ = Client.Run("bash", "-c", $"echo over > {mount.Node}; echo appended >> {mount.Node}");
        Assert.Equal(["hello\n", "over\n", "appended\n"], mount.Stream.TakeWritten().Select(Encoding.ASCII.GetString));
    }

    [MountFact]
    public void Head_TakesWhatItWants()
    {
        using var mount = new Mount();
        mount.Stream.Push(Encoding.ASCII.GetBytes("abcdef"));
        Assert.Equal("abc", Client.Run("head", "-c", "3", mount.Node));
    }

    [MountFact]
    public void Ls_Stat_Df_AreContent()
    {
        using var mount = new Mount(permissions: new NodePermissions(0x1a0, 0, 20));
        Assert.Equal("mhi_0_TEST\n", Client.Run("ls", mount.Folder));
        Assert.Equal("640 0 20 regular file\n", Client.Run("stat", "-c", "%a %u %g %F", mount.Node));
        Assert.Contains("mhi", Client.Run("df", mount.Folder), StringComparison.Ordinal);
        _ = Client.Run("chmod", "600", mount.Node);
        Assert.Equal("600\n", Client.Run("stat", "-c", "%a", mount.Node));
        using Client touch = Client.Start("touch", Path.Combine(mount.Folder, "new"));
        Assert.NotEqual(0, touch.Wait().Code);
        using Client remove = Client.Start("rm", "-f", mount.Node);
        Assert.NotEqual(0, remove.Wait().Code);
        Assert.True(File.Exists(mount.Node));
    }

    [MountFact("socat")]
    public void Socat_EchoesBothWaysAtOnce()
    {
        using var mount = new Mount(echoes: true);
        using Client socat = Client.Start("socat", "-", mount.Node);
        byte[] read = new byte[6];
        for (int i = 0; i < 20; i++)
        {
            byte[] text = Encoding.ASCII.GetBytes($"line {i % 10}");
            socat.Input.Write(text);
            socat.Input.Flush();
            socat.Output.ReadExactly(read);
            Assert.Equal(text, read);
        }
    }

    [MountFact("socat", "picocom")]
    public void Picocom_TalksToAnAtPort()
    {
        // A file of a mounted directory cannot be a terminal (the kernel passes the requests of terminals on without their
        // data), so a pseudo-terminal stands in between, as one does for programs that insist.
        using var mount = new Mount(echoes: true, isTerminal: true);
        string terminal = mount.Folder + ".tty";
        try
        {
            using Client socat = Client.Start("socat", $"PTY,link={terminal},rawer,wait-slave", mount.Node);
            Mount.Until(() => File.Exists(terminal));

            // Its input stays open: it would leave at the end of it, before the answer.
            using Client picocom = Client.Start("picocom", "--quiet", "--noreset", "--initstring", "AT+CGMI\r", "--exit-after", "3000", terminal);
            Assert.Contains("AT+CGMI", picocom.Finish(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(terminal);
        }

        Assert.Equal("AT+CGMI\r", string.Concat(mount.Stream.TakeWritten().Select(Encoding.ASCII.GetString)));
    }

    [MountFact("python3")]
    public void Python_SeesAStream()
    {
        using var mount = new Mount(echoes: true);
        Assert.Equal("ok\n", Client.Python(
            """
            f = open(sys.argv[1], 'r+b', buffering=0)
            assert not f.isatty()
            assert f.write(b'abc') == 3 and f.read(10) == b'abc'
            for call in (lambda: os.lseek(f.fileno(), 0, 0), lambda: os.pread(f.fileno(), 1, 0), lambda: os.pwrite(f.fileno(), b'x', 0)):
                try:
                    call()
                    assert False
                except OSError as e:
                    assert e.errno == errno.ESPIPE, e
            print('ok')
            """,
            mount.Node));
    }

    [MountFact("python3")]
    public void Python_NonBlockingCanBeSetLater()
    {
        using var mount = new Mount();
        Assert.Equal("ok\n", Client.Python(
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK)
            try:
                os.read(fd, 10)
                assert False
            except BlockingIOError:
                print('ok')
            """,
            mount.Node));
    }

    [MountFact("python3")]
    public void Python_LargeWriteAndRead()
    {
        using var mount = new Mount(echoes: true);
        Assert.Equal("ok\n", Client.Python(
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            data = os.urandom(3 << 20)
            assert os.write(fd, data) == len(data)
            back = b''
            while len(back) < len(data):
                back += os.read(fd, 2 << 20)
            assert back == data
            print('ok')
            """,
            mount.Node));
    }

    [MountFact("python3")]
    public void OtherUser_MayOpenOnlyWhatTheModeAllows()
    {
        const string Script =
            """
            os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(12345)
            try:
                os.close(os.open(sys.argv[1], os.O_RDWR))
                print('open')
            except PermissionError:
                print('denied')
            """;
        using var mount = new Mount(permissions: new NodePermissions(0x1b0, 0, 54321));
        Assert.Equal("denied\n", Client.Python(Script, mount.Node, "12345"));
        Assert.Equal("open\n", Client.Python(Script, mount.Node, "54321"));
        _ = Client.Run("chmod", "666", mount.Node);
        Assert.Equal("open\n", Client.Python(Script, mount.Node, "12345"));
    }

    [MountFact]
    public void ThousandOpens_AllWorkAndNoneLeaks()
    {
        using var mount = new Mount(echoes: true);
        var files = Enumerable.Range(0, 1000)
            .Select(_ => DeviceFile.Open(mount.Node, DeviceAccess.ReadWrite, nonBlocking: false))
            .ToList();
        byte[] buffer = new byte[10];
        foreach (DeviceFile file in files)
        {
            Assert.Equal(3, file.Write([1, 2, 3]));
            Assert.Equal(3, file.Read(buffer));
        }

        files.ForEach(file => file.Dispose());
        Mount.Until(() => mount.Stream.Closed == 1000);
    }

    [MountFact]
    public void FullPipeOfAReader_HoldsUpNobodyElse()
    {
        using var mount = new Mount();
        using Client cat = Client.Start("cat", mount.Node);
        byte[] block = new byte[0x8000];
        for (int i = 0; i < 16; i++)
        {
            mount.Stream.Push(block);
        }

        // The pipe takes 64 KiB, and cat holds what it has read; the rest stays in the stream.
        Mount.Until(() => mount.Stream.UnreadMessages is > 0 and < 14);
        cat.UntilAsleep();
        using DeviceFile other = DeviceFile.Open(mount.Node, DeviceAccess.ReadWrite, nonBlocking: true);
        Assert.Equal(3, other.Write([1, 2, 3]));
        Assert.Equal(100, other.Read(new byte[100]));
        long rest = (16L * block.Length) - 100;
        byte[] read = new byte[block.Length];
        while (rest > 0)
        {
            int count = cat.Output.Read(read);
            Assert.InRange(count, 1, rest);
            rest -= count;
        }
    }
}
