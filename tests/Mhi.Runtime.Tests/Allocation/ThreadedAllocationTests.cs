using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Allocation;

/// <summary>
/// Blocking members whose thread really sleeps, with the event loop and the device on threads of their own that sleep too:
/// not one managed byte on the client's thread, and nothing per operation anywhere in the process.
/// </summary>
[Collection("alone")]
public class ThreadedAllocationTests
{
    private const int WarmUp = 300;
    private const int Rounds = 1000;

    [Fact]
    public async Task BlockingMembersThatSleep()
    {
        using var modem = new EmulatedModem();
        modem.Start();

        // Nobody spins, so every wait of every thread goes down to the kernel.
        using var controller = MhiController.Create(
            modem.Function, KnownProfiles.FoxconnT99W175, new MhiControllerOptions { SpinIterations = 0 });
        using var loop = MhiEventLoop.Start(controller, new MhiEventLoopOptions { IdlePolls = 0 });
        await controller.PowerUpAsync();
        var channel = (await ChannelConnection.OpenAsync<FullLoopback>(controller)).AsDuplex<FullLoopback>();
        long ownBytes = 0;
        long allBytes = 0;
        int collections = 0;
        Exception? fault = null;
        var client = new Thread(() =>
        {
            try
            {
                byte[] message = new byte[100];
                TimeSpan limit = TimeSpan.FromSeconds(30);
                for (int i = 0; i < WarmUp + Rounds; i++)
                {
                    if (i == WarmUp)
                    {
                        allBytes = GC.GetTotalAllocatedBytes(precise: true);
                        collections = GC.CollectionCount(0);
                        ownBytes = GC.GetAllocatedBytesForCurrentThread();
                    }

                    _ = channel.Write(message, limit);
                    channel.Flush(limit);
                    _ = channel.Read(message, limit);
                    using (UplinkBuffer buffer = channel.Rent(limit))
                    {
                        _ = buffer.Commit(10);
                    }

                    channel.Receive(limit).Dispose();
                }

                ownBytes = GC.GetAllocatedBytesForCurrentThread() - ownBytes;
                allBytes = GC.GetTotalAllocatedBytes(precise: true) - allBytes;
                collections = GC.CollectionCount(0) - collections;
            }
            catch (Exception exception) when (exception is MhiException or TimeoutException)
            {
                fault = exception;
            }
        });
        client.Start();
        client.Join();
        Assert.Null(fault);
        Assert.Equal(0, collections);
        Assert.Equal(0, ownBytes);

        // The test platform's threads allocate a little now and then; one object per round would be 24 bytes each.
        Assert.InRange(allBytes, 0, 12 * Rounds);
        await channel.CloseAsync();
    }
}
