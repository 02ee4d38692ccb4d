using System;
using System.IO;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Endpoint.VfioUser;
using Mhi.Interop.Sockets;
using Mhi.Protocol;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

public sealed class MemoryGoneTests
{
    private const int Length = 0x10000;
    private const ulong Address = 0x4000_0000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ClientThatCutsItsMemory_IsSentAway_AndTheNextIsServed(bool deviceWrites)
    {
        using var served = new ServedDevice();
        using SafeFileHandle file = CreateFile();
        using (VfioUserClient client = served.Attach())
        {
            using var host = new VfioUserHost(client, Sharing.Whole);
            host.PowerUp();
            using (FileDescriptor descriptor = FileDescriptor.Of(file))
            {
                Assert.Equal(0u, client.MapDma(Address, Length, 0, descriptor));
            }

            TestRing up = host.Start(TestHost.LoopbackUp);
            TestRing down = host.Start(TestHost.LoopbackDown);
            ulong good = host.Allocate(0x1000).BusAddress;
            RandomAccess.SetLength(file, 0);

            _ = down.Queue(RingElement.Transfer(deviceWrites ? Address : good, 100, RingElement.EndOfTransferFlag));
            down.RingDoorbell();
            _ = up.Queue(RingElement.Transfer(deviceWrites ? good : Address, 100, RingElement.EndOfTransferFlag));
            up.RingDoorbell();

            ClientEnd end = served.End();
            Assert.False(end.IsOrderly);
            Assert.Contains("cut a file of memory", end.Reason, StringComparison.Ordinal);
            Assert.Equal(0, RandomAccess.GetLength(file));
        }

        using VfioUserClient next = served.Attach();
        using var nextHost = new VfioUserHost(next, Sharing.Whole);
        nextHost.PowerUp();
        nextHost.AssertEchoes();
        Assert.Null(served.Device.Fault);
    }

    private static SafeFileHandle CreateFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mhi-gone-{Guid.NewGuid():N}");
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.SetLength(file, Length);
        return file;
    }
}
