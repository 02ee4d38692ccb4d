using System.Linq;
using System.Text;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>Programs that have the kernel move the bytes: through its page cache, which a stream must not get into.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class SpliceTests
{
    [MountFact("python3")]
    public void SendfileAndSplice_AreRefusedAndLoseNothing()
    {
        using var mount = new Mount();
        mount.Stream.Push("one"u8.ToArray());
        mount.Stream.Push("two"u8.ToArray());
        Assert.Equal("ok\n", Client.Python(
            """
            fd = os.open(sys.argv[1], os.O_RDONLY)
            r, w = os.pipe()
            for call in (lambda: os.sendfile(w, fd, None, 100), lambda: os.splice(fd, w, 100)):
                try:
                    call()
                    assert False
                except OSError as e:
                    assert e.errno == errno.EINVAL, e
            assert os.read(fd, 100) == b'one'
            assert os.fstat(fd).st_size == 1 << 40
            os.close(fd)
            fd = os.open(sys.argv[1], os.O_RDONLY)
            assert os.read(fd, 100) == b'two'
            print('ok')
            """,
            mount.Node));
    }

    [MountFact("python3")]
    public void Splice_IntoANode_IsAWrite()
    {
        using var mount = new Mount();
        _ = Client.Python(
            """
            fd = os.open(sys.argv[1], os.O_WRONLY)
            r, w = os.pipe()
            os.write(w, b'spliced')
            assert os.splice(r, fd, 100) == 7
            """,
            mount.Node);
        Assert.Equal(["spliced"], mount.Stream.TakeWritten().Select(Encoding.ASCII.GetString));
    }

    [MountFact("python3")]
    public void PrivateMapping_TakesNothing()
    {
        using var mount = new Mount();
        mount.Stream.Push("one"u8.ToArray());
        using Client mapper = Client.StartPython("import mmap\nfd = os.open(sys.argv[1], os.O_RDONLY)\nmmap.mmap(fd, 4096, mmap.MAP_PRIVATE, mmap.PROT_READ)[0]", mount.Node);
        Assert.NotEqual(0, mapper.Wait().Code);
        Assert.Equal(1, mount.Stream.UnreadMessages);
    }

    [MountFact("busybox")]
    public void BusyboxCat_PrintsEveryMessage() => AssertPrintsEveryMessage("busybox", "cat");

    [MountFact("pv")]
    public void Pv_PrintsEveryMessage() => AssertPrintsEveryMessage("pv", "-q");

    [MountFact("cat")]
    public void Cat_FromNodeToNode_CopiesEveryMessage()
    {
        using var mount = new Mount();
        var other = new MemoryNode("mhi_0_OTHER");
        string target = mount.Server.Publish(other);
        using Client cat = Client.Start("bash", "-c", $"exec cat {mount.Node} > {target}");
        string[] messages = ["one", "two", "three"];
        foreach (string message in messages)
        {
            mount.Stream.Push(Encoding.ASCII.GetBytes(message));
            Mount.Until(() => mount.Stream.UnreadMessages == 0);
        }

        Assert.True(mount.Server.Withdraw(mount.Stream));
        Assert.Equal(1, cat.Wait().Code);
        Assert.Equal(messages, other.TakeWritten().Select(Encoding.ASCII.GetString));
    }

    private static void AssertPrintsEveryMessage(params string[] program)
    {
        using var mount = new Mount();
        using Client client = Client.Start(program[0], [.. program[1..], mount.Node]);
        byte[] read = new byte[100];
        foreach (string message in new[] { "one\n", "two\n", "three\n" })
        {
            mount.Stream.Push(Encoding.ASCII.GetBytes(message));
            int count = client.Output.ReadAtLeast(read, message.Length);
            Assert.Equal(message, Encoding.ASCII.GetString(read, 0, count));
        }

        Assert.True(mount.Server.Withdraw(mount.Stream));
        Assert.NotEqual(0, client.Wait().Code);
    }
}
