using System;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>select, poll, epoll and asyncio.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public class ReadinessTests
{
    [MountFact("python3")]
    public void Select_WaitsForDataAndForRoom()
    {
        using var mount = new Mount();
        mount.Stream.Room = 0;
        using Client program = Client.StartPython(
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            assert select.select([fd], [fd], [], 0) == ([], [], [])
            print('reading')
            assert select.select([fd], [], [], 30) == ([fd], [], [])
            assert os.read(fd, 10) == b'abc'
            assert select.select([fd], [], [], 0) == ([], [], [])
            print('writing')
            assert select.select([fd], [fd], [], 30) == ([], [fd], [])
            assert os.write(fd, b'x') == 1
            print('ok')
            """,
            mount.Node);
        Assert.Equal("reading", program.ReadLine());
        program.UntilAsleep();
        mount.Stream.Push("abc"u8.ToArray());
        Assert.Equal("writing", program.ReadLine());
        program.UntilAsleep();
        mount.Stream.Room = 100;
        Assert.Equal("ok\n", program.Finish());
    }

    [MountFact("python3")]
    public void Epoll_LevelTriggered_ReportsUntilDrained()
    {
        using var mount = new Mount();
        mount.Stream.Push("abcd"u8.ToArray());
        Assert.Equal("ok\n", Client.Python(
            """
            fd = os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)
            ep = select.epoll()
            ep.register(fd, select.EPOLLIN)
            for i in range(2):
                assert ep.poll(30) == [(fd, select.EPOLLIN)]
                assert len(os.read(fd, 2)) == 2
            assert ep.poll(0) == []
            print('ok')
            """,
            mount.Node));
    }

    [MountFact("python3")]
    public void Epoll_EdgeTriggered_ReportsEveryMessageOnce()
    {
        using var mount = new Mount();
        using Client program = Client.StartPython(
            """
            fd = os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)
            ep = select.epoll()
            ep.register(fd, select.EPOLLIN | select.EPOLLET)
            for i in range(20):
                print('waiting')
                assert ep.poll(30) == [(fd, select.EPOLLIN)]
                assert ep.poll(0.01) == []
            for i in range(20):
                assert os.read(fd, 10) == b'%d' % i
            print('ok')
            """,
            mount.Node);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("waiting", program.ReadLine());
            mount.Stream.Push(System.Text.Encoding.ASCII.GetBytes($"{i}"));
        }

        Assert.Equal("ok\n", program.Finish());
    }

    [MountFact("python3")]
    public void Asyncio_EchoesThousandMessages()
    {
        using var mount = new Mount(echoes: true);
        Assert.Equal("ok\n", Client.Python(
            """
            async def main():
                fd = os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)
                loop = asyncio.get_running_loop()
                queue = asyncio.Queue()
                loop.add_reader(fd, lambda: queue.put_nowait(os.read(fd, 4096)))
                for i in range(1000):
                    os.write(fd, b'%d' % i)
                    assert await asyncio.wait_for(queue.get(), 30) == b'%d' % i
                print('ok')
            asyncio.run(main())
            """,
            mount.Node));
    }

    [MountFact("python3")]
    public void Poll_ReportsRemoval()
    {
        using var mount = new Mount();
        using Client program = Client.StartPython(
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            p = select.poll()
            p.register(fd, select.POLLIN)
            print('waiting')
            got = p.poll(30000)
            assert got == [(fd, select.POLLERR | select.POLLHUP)], got
            for call in (lambda: os.read(fd, 1), lambda: os.write(fd, b'x')):
                try:
                    call()
                    assert False
                except OSError as e:
                    assert e.errno == errno.ENODEV
            try:
                os.open(sys.argv[1], os.O_RDWR)
                assert False
            except FileNotFoundError:
                print('ok')
            """,
            mount.Node);
        Assert.Equal("waiting", program.ReadLine());
        program.UntilAsleep();
        Assert.True(mount.Server.Withdraw(mount.Stream));
        Assert.Equal("ok\n", program.Finish());
    }

    [MountFact("python3")]
    public void Poll_AfterRemovalWithUnreadData_StillOffersTheData()
    {
        using var mount = new Mount();
        mount.Stream.Push("abc"u8.ToArray());
        using Client program = Client.StartPython(
            """
            fd = os.open(sys.argv[1], os.O_RDONLY)
            ep = select.epoll()
            ep.register(fd, select.EPOLLIN | select.EPOLLET)
            assert ep.poll(30) == [(fd, select.EPOLLIN)]
            print('waiting')
            gone = select.EPOLLIN | select.EPOLLERR | select.EPOLLHUP
            assert ep.poll(30) == [(fd, gone)]
            assert ep.poll(0.1) == []
            p = select.poll()
            p.register(fd, select.POLLIN)
            assert p.poll(30000) == [(fd, select.POLLIN | select.POLLERR | select.POLLHUP)]
            print('told')
            sys.stdin.readline()
            assert os.read(fd, 10) == b'abc'
            try:
                os.read(fd, 10)
                assert False
            except OSError as e:
                assert e.errno == errno.ENODEV
            print('ok')
            """,
            mount.Node);
        Assert.Equal("waiting", program.ReadLine());
        program.UntilAsleep();
        mount.Stream.Remove();
        Assert.True(mount.Server.Withdraw(mount.Stream));
        Assert.Equal("told", program.ReadLine());

        // It neither reads nor closes: what was listened to has ended, and nothing goes on by itself.
        Mount.Until(() => mount.Stream.TakeCalls() == 0);
        Assert.Equal(0, mount.Stream.TakeCalls());
        program.Input.Write("\n"u8);
        program.Input.Flush();
        Assert.Equal("ok\n", program.Finish());
    }

    [MountFact("python3")]
    public void Poll_OfOneOpenFileByProcessesThatShareIt_WakesEachForItsOwn()
    {
        using var mount = new Mount();
        mount.Stream.Room = 0;
        using Client program = Client.StartPython(
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            def child(fd, events):
                pid = os.fork()
                if pid == 0:
                    p = select.poll()
                    p.register(fd, events)
                    assert p.poll(0) == []
                    os.write(1, b'waiting\n') # In one piece: two write to this pipe.
                    os._exit(0 if p.poll(60000) == [(fd, events)] else 1)
                return pid
            reader = child(fd, select.POLLIN)
            writer = child(os.dup(fd), select.POLLOUT)
            assert os.waitpid(reader, 0) == (reader, 0)
            print('reader')
            assert os.waitpid(writer, 0) == (writer, 0)
            other = os.dup(fd)
            os.close(fd)
            assert os.read(other, 10) == b'abc'
            assert os.write(other, b'x') == 1
            print('ok')
            """,
            mount.Node);
        Assert.Equal("waiting", program.ReadLine());
        Assert.Equal("waiting", program.ReadLine());
        mount.Stream.Push("abc"u8.ToArray());
        Assert.Equal("reader", program.ReadLine());
        Assert.Equal(0, mount.Stream.Closed);
        mount.Stream.Room = 10;
        Assert.Equal("ok\n", program.Finish());
    }

    [MountFact("python3")]
    public void Poll_OfThreads_AreAllWoken()
    {
        using var mount = new Mount();
        using Client program = Client.StartPython(
            """
            import threading
            def wait():
                fd = os.open(sys.argv[1], os.O_RDONLY)
                p = select.poll()
                p.register(fd, select.POLLIN)
                ready.release()
                assert p.poll(30000) == [(fd, select.POLLIN)]
                done.release()
            ready, done = threading.Semaphore(0), threading.Semaphore(0)
            for i in range(10): threading.Thread(target=wait).start()
            for i in range(10): ready.acquire()
            print('waiting')
            for i in range(10): assert done.acquire(timeout=30)
            print('ok')
            """,
            mount.Node);
        Assert.Equal("waiting", program.ReadLine());
        mount.Stream.Push([1]);
        Assert.Equal("ok\n", program.Finish());
    }

    [MountFact]
    public void Requests_OverTheKernel_AllocateNothing()
    {
        using var mount = new Mount();
        using var quiet = new QuietNode(mount);
        using DeviceFile file = DeviceFile.Open(quiet.Path, DeviceAccess.ReadWrite, nonBlocking: false);
        const int Windows = 4;
        const int Rounds = 10_000;
        byte[] message = new byte[1000];
        byte[] buffer = new byte[4096];
        bool isRight = true;
        for (int i = 0; i < 500; i++)
        {
            Round();
        }

        // The runtime's own threads allocate now and then: what every window has is what the requests allocate.
        long fewest = long.MaxValue;
        for (int window = 0; window < Windows; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Rounds; i++)
            {
                Round();
            }

            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.True(isRight);

        // A round has four requests; the smallest object for one in each would be six times as much.
        Assert.InRange(fewest, 0, 4 * Rounds);

        void Round()
        {
            // Assertions would allocate.
            isRight &= file.Write(message) == message.Length;
            quiet.Stream.Push(message);
            isRight &= (file.Wait(FileEvents.In, null, 30_000) & FileEvents.In) != 0;
            isRight &= file.Read(buffer) == message.Length;
        }
    }

    private sealed class QuietNode : IDisposable
    {
        private readonly Mount _mount;

        internal QuietNode(Mount mount)
        {
            _mount = mount;
            Path = mount.Server.Publish(Stream);
        }

        internal MemoryNode Stream { get; } = new("quiet") { Keeps = false };

        internal string Path { get; }

        public void Dispose() => Assert.True(_mount.Server.Withdraw(Stream));
    }
}
