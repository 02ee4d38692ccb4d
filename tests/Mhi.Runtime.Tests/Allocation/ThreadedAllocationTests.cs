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
/// not one managed byte on the client's thread. What the other threads allocate cannot be told apart here from what the
/// test platform does; <c>mhi loopback</c> counts the whole process, and its tests expect zero.
/// </summary>
[Collection("alone")]
public class ThreadedAllocationTests
{
    private const int Rounds = 250;
    private const int Windows = 5;

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

        // The fewest of several windows: the runtime itself allocates a little, once, when it recompiles a method; what an
        // operation allocates is in every window. The first one warms up.
        long fewest = long.MaxValue;
        Exception? fault = null;
        var client = new Thread(() =>
        {
            try
            {
                byte[] message = new byte[100];
                TimeSpan limit = TimeSpan.FromSeconds(30);
                long before = 0;
                for (int i = 0; i <= Rounds * Windows; i++)
                {
                    if (i % Rounds == 0)
                    {
                        long now = GC.GetAllocatedBytesForCurrentThread();
                        fewest = Math.Min(fewest, i < 2 * Rounds ? long.MaxValue : now - before);
                        before = now;
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
            }
            catch (Exception exception) when (exception is MhiException or TimeoutException)
            {
                fault = exception;
            }
        });
        client.Start();
        client.Join();
        Assert.Null(fault);
        Assert.Equal(0, fewest);
        await channel.CloseAsync();
    }
}
