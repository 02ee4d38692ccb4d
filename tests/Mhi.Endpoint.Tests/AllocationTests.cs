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

        // The fewest bytes of a round: what the runtime allocates once, when it recompiles something, hits one of them.
        long fewest = long.MaxValue;
        for (int round = 0; round < 100; round++)
        {
            // Buffers long enough and too short, single elements and chains.
            for (int i = 0; i < 8; i++)
            {
                _ = down.Queue(RingElement.Transfer(target.BusAddress, (ushort)(i % 2 == 0 ? 4096 : 1024), RingElement.EndOfTransferFlag));
                _ = up.Queue(RingElement.Transfer(source.BusAddress, 2048, i % 4 == 1 ? RingElement.ChainFlag : RingElement.EndOfTransferFlag));
            }

            down.RingDoorbell();
            up.RingDoorbell();
            int work = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int poll = 0; poll < 4; poll++)
            {
                work += host.Modem.Poll();
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.NotEqual(0, work);
            _ = host.EventRings[0].Take();
        }

        Assert.Equal(0, fewest);
    }
}
