using System;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void Poll_AfterTheChannelsStarted_AllocatesNothing()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(TestHost.LoopbackUp);
        TestRing down = host.Start(TestHost.LoopbackDown);
        DmaRegion source = host.Buffer(new byte[4096]);
        DmaRegion target = host.Buffer(new byte[4096]);
        long allocated = 0;
        for (int round = 0; round < 300; round++)
        {
            for (int i = 0; i < 8; i++)
            {
                _ = down.Queue(RingElement.Transfer(target.BusAddress, (ushort)(i % 2 == 0 ? 4096 : 1024), RingElement.EndOfTransferFlag));
                _ = up.Queue(RingElement.Transfer(source.BusAddress, 2048, i % 4 == 1 ? RingElement.ChainFlag : RingElement.EndOfTransferFlag));
            }

            down.RingDoorbell();
            up.RingDoorbell();
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (host.Modem.Poll() != 0)
            {
            }

            _ = host.Modem.Poll();
            long after = GC.GetAllocatedBytesForCurrentThread();

            // The first rounds warm up what the runtime compiles or creates on first use.
            allocated += round < 100 ? 0 : after - before;
            _ = host.EventRings[0].Take();
        }

        Assert.Equal(0, allocated);
    }
}
