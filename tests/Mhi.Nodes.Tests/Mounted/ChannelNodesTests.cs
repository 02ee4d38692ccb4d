using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>The channels of an emulated device, through the client interface and a real mount.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public sealed class ChannelNodesTests : IDisposable
{
    private readonly EmulatedMount _bed = new();

    private string Loopback => _bed.Loopback;

    [MountFact]
    public void Nodes_HaveTheNamesOfTheHost()
    {
        Assert.Equal([Loopback, Path.Combine(_bed.Folder, "mhi_emu0_DUN")], _bed.Nodes.Paths.Order().Reverse());
        Assert.All(_bed.Nodes.Paths, path => Assert.True(File.Exists(path)));
    }

    [MountFact]
    public void Packets_KeepTheirBounds()
    {
        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: false);
        byte[] buffer = new byte[0x10000];
        foreach (int length in new[] { 1, 100, 4095, 4096 })
        {
            Assert.Equal(length, file.Write(new byte[length]));
            Assert.Equal(length, file.Read(buffer));
        }

        // Longer than a receive buffer: read buffer by buffer, never across two.
        Assert.Equal(10_000, file.Write(new byte[10_000]));
        Assert.Equal([4096, 4096, 1808], [file.Read(buffer), file.Read(buffer), file.Read(buffer)]);
    }

    [MountFact("python3")]
    public void Ring_WhenFull_HoldsABlockingWriterAndRefusesAnother()
    {
        using Client writer = Client.StartPython(
            """
            fd = os.open(sys.argv[1], os.O_RDWR)
            data = os.urandom(1 << 20)
            print('ready')
            n = 0
            while n < len(data): n += os.write(fd, data[n:n + 100000])
            print('written')
            sys.stdin.readline()
            """,
            Loopback);
        Assert.Equal("ready", writer.ReadLine());

        // Nobody reads: receive buffers and ring fill up, until the writer waits and others are refused.
        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: true);
        byte[] buffer = new byte[0x10000];
        UciNode node = _bed.Host.Nodes.Single(node => node.ChannelName == "LOOPBACK");
        int expected = 1 << 20;
        Mount.Until(() =>
        {
            int written = file.Write([1]);
            expected += Math.Max(written, 0);
            return written == -Errno.Again && node.Counters.PostedBuffers == 0 && writer.State is 'S' or 'D';
        });
        int total = 0;
        while (total < expected)
        {
            Assert.Equal(FileEvents.In, file.Wait(FileEvents.In, null, 30_000));
            total += Math.Max(file.Read(buffer), 0);
        }

        Assert.Equal(expected, total);
        Assert.Equal("written", writer.ReadLine());
        Assert.Equal(-Errno.Again, file.Read(buffer));
    }

    [MountFact("python3")]
    public void Epoll_OfAWriterWhoseMessageDoesNotFit_SleepsUntilThereIsMoreRoom() => Assert.Equal("ok\nok\n", Client.Python(
        """
        data = os.urandom(0x8000)
        for mode in (0, select.EPOLLET):
            fd = os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)
            ep = select.epoll()
            ep.register(fd, select.EPOLLOUT | mode)
            for i in range(5000):
                try:
                    os.write(fd, data)
                except BlockingIOError:
                    if ep.poll(1) == []: break
            else:
                assert False, 'told of room that is none'
            room = []
            while not room:
                try: os.read(fd, 0x10000)
                except BlockingIOError: pass
                room = ep.poll(0)
            os.close(fd)
            print('ok')
        """,
        Loopback));

    [MountFact]
    public void Open_RightAfterTheLastClose_FindsNothingOfWhatWasUnread()
    {
        byte[] buffer = new byte[100];
        for (int i = 0; i < 50; i++)
        {
            using (DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: true))
            {
                Assert.Equal(3, file.Write([1, 2, 3]));
                Assert.Equal(FileEvents.In, file.Wait(FileEvents.In, null, 30_000));
            }

            using DeviceFile next = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: true);
            Assert.Equal(-Errno.Again, next.Read(buffer));
        }
    }

    [MountFact]
    public async Task ReaderAndWriter_PollingOneOpenFile_LoseNoWakeUp()
    {
        const int Messages = 20_000;
        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: true);
        Task writing = Task.Run(() =>
        {
            byte[] message = new byte[64];
            for (int i = 0; i < Messages; i++)
            {
                BitConverter.TryWriteBytes(message, i);
                while (file.Write(message) == -Errno.Again)
                {
                    Assert.NotEqual(FileEvents.None, file.Wait(FileEvents.Out, null, 30_000));
                }
            }
        });
        Task reading = Task.Run(() =>
        {
            byte[] message = new byte[100];
            for (int i = 0; i < Messages; i++)
            {
                int count;
                while ((count = file.Read(message)) == -Errno.Again)
                {
                    Assert.NotEqual(FileEvents.None, file.Wait(FileEvents.In, null, 30_000));
                }

                Assert.Equal(64, count);
                Assert.Equal(i, BitConverter.ToInt32(message));
            }
        });
        await Task.WhenAll(writing, reading);
    }

    [MountFact("python3")]
    public void Asyncio_EchoesThousandPackets() => Assert.Equal("ok\n", Client.Python(
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
        Loopback));

    [MountFact("python3")]
    public void Epoll_EdgeTriggered_ReportsEveryPacket() => Assert.Equal("ok\n", Client.Python(
        """
        fd = os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK)
        ep = select.epoll()
        ep.register(fd, select.EPOLLIN | select.EPOLLET)
        ep.poll(0)
        for i in range(20):
            os.write(fd, b'%d' % i)
            assert ep.poll(30) == [(fd, select.EPOLLIN)], i
        for i in range(20):
            assert os.read(fd, 10) == b'%d' % i
        print('ok')
        """,
        Loopback));

    [MountFact("socat")]
    public void Socat_TalksToTheAtPort()
    {
        using Client socat = Client.Start("socat", "-", Path.Combine(_bed.Folder, "mhi_emu0_DUN"));
        socat.Input.Write("AT\r"u8);
        socat.Input.Flush();
        string text = "";
        byte[] buffer = new byte[100];
        while (!text.Contains("OK", StringComparison.Ordinal))
        {
            int count = socat.Output.Read(buffer);
            Assert.NotEqual(0, count);
            text += System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        }
    }

    [MountFact]
    public void Device_PoweredDownAndUpAgain_TakesItsNodesAndBringsNewOnes()
    {
        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: false);
        using Client cat = Client.Start("cat", Loopback);
        cat.UntilAsleep();
        _bed.Controller.PowerDown();
        Assert.NotEqual(0, cat.Wait().Code);
        Mount.Until(() => !File.Exists(Loopback));
        Assert.Equal(-Errno.NoDevice, file.Write([1]));
        Assert.Equal(-Errno.NoDevice, file.Read(new byte[1]));
        Assert.Equal(FileEvents.Error | FileEvents.HangUp, file.Wait(FileEvents.In, null, 0));

        _bed.Controller.PowerUp();
        Mount.Until(() => File.Exists(Loopback));
        using DeviceFile next = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: false);
        Assert.Equal(3, next.Write([1, 2, 3]));
        Assert.Equal(3, next.Read(new byte[10]));
        Assert.Equal(-Errno.NoDevice, file.Write([1]));
    }

    [MountFact]
    public void Requests_OverTheDevice_AllocateNothing()
    {
        const int Rounds = 10_000;
        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: false);
        byte[] message = new byte[1000];
        byte[] buffer = new byte[4096];
        bool isRight = true;
        for (int i = 0; i < 500; i++)
        {
            Round();
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Rounds; i++)
        {
            Round();
        }

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 * Rounds);
        Assert.True(isRight);

        void Round()
        {
            // Assertions would allocate. A blocked read, then a poll.
            isRight &= file.Write(message) == message.Length;
            isRight &= file.Read(buffer) == message.Length;
            isRight &= file.Write(message) == message.Length;
            isRight &= (file.Wait(FileEvents.In, null, 30_000) & FileEvents.In) != 0;
            isRight &= file.Read(buffer) == message.Length;
        }
    }

    public void Dispose() => _bed.Dispose();
}
