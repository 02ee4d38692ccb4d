using System;
using System.Linq;
using Mhi.Interop.Files;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Mounted;

/// <summary>Programs that are killed while they use a channel of an emulated device.</summary>
[Trait("Category", "Slow")]
[Collection("alone")]
public sealed class ChannelKillTests : IDisposable
{
    private readonly EmulatedMount _bed = new();

    private string Loopback => _bed.Loopback;

    [MountFact("python3")]
    public void ThousandOpensAndKilledPrograms_LeaveNoHandleAndNoWaiter()
    {
        UciNode node = _bed.Host.Nodes.Single(node => node.ChannelName == "LOOPBACK");
        for (int turn = 0; turn < 4; turn++)
        {
            using Client program = Client.StartPython(
                """
                import threading
                files = [os.open(sys.argv[1], os.O_RDWR) for i in range(250)]
                for fd in files[:20]: threading.Thread(target=os.read, args=(fd, 1), daemon=True).start()
                print('ready')
                while True: os.write(files[20], bytes(4000))
                """,
                Loopback);
            Assert.Equal("ready", program.ReadLine());
            Mount.Until(() => node.Counters is { OpenHandles: 250 });
            program.Signal("-KILL");
            Assert.NotEqual(0, program.Wait().Code);
            Mount.Until(() => node.Counters is { OpenHandles: 0, Waiters: 0 });
        }

        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: false);
        Assert.Equal(777, file.Write(new byte[777]));
        Assert.Equal(777, file.Read(new byte[10_000]));
    }

    [MountFact("python3")]
    public void WriterOfAFullRing_WhenKilled_LeavesTheMessagesOfOthersWhole()
    {
        using DeviceFile file = DeviceFile.Open(Loopback, DeviceAccess.ReadWrite, nonBlocking: true);
        UciNode node = _bed.Host.Nodes.Single(node => node.ChannelName == "LOOPBACK");
        byte[] buffer = new byte[0x10000];
        for (int turn = 0; turn < 3; turn++)
        {
            using Client writer = Client.StartPython(
                "fd = os.open(sys.argv[1], os.O_WRONLY)\nprint('ready')\nwhile True: os.write(fd, bytes(100000))", Loopback);
            Assert.Equal("ready", writer.ReadLine());
            Mount.Until(() => file.Write([1]) == -Errno.Again && node.Counters.PostedBuffers == 0 && writer.State is 'S' or 'D');
            writer.Signal("-KILL");
            Assert.NotEqual(0, writer.Wait().Code);

            // There is room again when a message was read; the one written now comes back after all others, alone.
            int written;
            while ((written = file.Write([2, 2, 2])) == -Errno.Again)
            {
                // For a moment there may be neither room nor anything to read: all is on its way through the modem.
                Assert.NotEqual(FileEvents.None, file.Wait(FileEvents.In | FileEvents.Out, null, 30_000));
                int read = file.Read(buffer);
                Assert.True(read is -Errno.Again or (> 0 and <= 4096), $"{read}");
            }

            Assert.Equal(3, written);
            int count;
            do
            {
                Assert.Equal(FileEvents.In, file.Wait(FileEvents.In, null, 30_000));
                count = file.Read(buffer);
            }
            while (buffer[0] != 2);

            Assert.Equal(3, count);
            Assert.Equal(-Errno.Again, file.Read(buffer));
        }
    }

    public void Dispose() => _bed.Dispose();
}
