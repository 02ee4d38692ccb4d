using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>
/// Eight clients that do anything, while the device leaves, fails, sleeps and returns. A few seconds; MHI_UCI_SOAK_SECONDS
/// sets another time, MHI_UCI_SEED the seed that a failure names.
/// </summary>
public class RemovalSoakTests
{
    private const int Clients = 8;
    private const int DefaultSeconds = 3;

    [Fact]
    [Trait("Category", "Slow")]
    [UciClause(112, "Removal is idempotent and safe against every other operation.")]
    [UciClause(118, "A read or write returns 0 only for a request of no bytes (Receive also for an empty packet).")]
    public void UCI_112_AnythingAtAnyTime()
    {
        var length = TimeSpan.FromSeconds(Setting("MHI_UCI_SOAK_SECONDS", DefaultSeconds));
        int seed = Setting("MHI_UCI_SEED", Environment.TickCount & 0xffff);
        var observer = new RecordingObserver();
        var bed = new RemovalBed(linger: TimeSpan.FromMilliseconds(1), observer: observer);
        bed.Device.Echoes = true;
        bool stops = false;
        SoakClient[] clients = [.. Enumerable.Range(0, Clients).Select(i => new SoakClient(bed.Host, bed.Node.Name, seed + i))];
        Task[] running = [.. clients.Select(client => OpenBed.OnThread(() => client.Run(() => Volatile.Read(ref stops))))];
        string what = "nothing yet";
        try
        {
            var random = new Random(seed - 1);
            for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < length;)
            {
                what = Disturb(bed, clients, random.Next(9), random);
                long goal = clients.Sum(static client => client.Operations) + random.Next(200);
                OpenBed.WaitUntil(
                    () => clients.Sum(static client => client.Operations) >= goal || Array.Exists(running, static task => task.IsCompleted),
                    "the clients go on");
                Assert.DoesNotContain(running, static task => task.IsCompleted);
            }

            // A busy machine may not have let everybody have a turn in so short a time.
            what = "the last disturbance";
            OpenBed.WaitUntil(
                () => Array.TrueForAll(clients, static client => client.Bytes != 0) || Array.Exists(running, static task => task.IsCompleted),
                "every client moves data");
            Volatile.Write(ref stops, true);
            Assert.All(running, RemovalBed.Soon);

            // Nothing is left: no node, and of all there ever were no handle, waiter or buffer.
            what = "the end";
            HeldDevice device = bed.Device;
            bed.Host.Stop();
            Assert.Empty(bed.Host.Nodes);
            Assert.NotEmpty(observer.Accepted);
            Assert.Equal(observer.Accepted, observer.Gone);
            Assert.All(observer.Accepted, static node => Assert.Equal((0, 0), (node.Counters.OpenHandles, node.Counters.Waiters)));
            bed.Dispose();
            Assert.Equal(0, device.LiveRegions);
        }
        catch (Exception exception)
        {
            string found = $"the controller is {bed.Controller.State}, the clients made {string.Join(' ', clients.Select(static client => client.Operations))} operations, at {string.Join(' ', clients.Select(static client => client.Doing))}";
            Volatile.Write(ref stops, true);
            Exception cause = running.Select(static task => task.Exception?.InnerException).FirstOrDefault(static fault => fault is not null) ?? exception;
            throw new InvalidOperationException($"MHI_UCI_SEED={seed}, after: {what}; {found}", cause);
        }
    }

    private static string Disturb(RemovalBed bed, SoakClient[] clients, int kind, Random random)
    {
        switch (kind)
        {
            case 0:
                bed.Host.Remove(bed.Controller);
                bed.Host.Attach(bed.Controller);
                return "remove and attach";
            case 1:
                MhiController controller = bed.Controller;
                Task[] removals = [.. Enumerable.Range(0, 2).Select(_ => OpenBed.OnThread(() => bed.Host.Remove(controller)))];
                Assert.All(removals, RemovalBed.Soon);
                bed.Host.Attach(controller);
                return "two removals at once";
            case 2:
                bed.Host.Stop();
                bed.Host.Start();
                return "stop and start";
            case 3:
                bed.Controller.PowerDown();
                bed.Controller.PowerUp();
                return "power down and up";
            case 4:
                bed.Device.RaiseSystemError();
                OpenBed.WaitUntil(() => bed.Controller.State == MhiControllerState.Failed, "the controller fails");
                bed.Controller.PowerUp();
                return "SYS_ERR and recovery";
            case 5:
                bed.Device.Vanish();

                // No register is read in M3: that a sleeping device has gone is seen when it is to wake up.
                Settle(bed.Controller.ResumeAsync());
                OpenBed.WaitUntil(() => bed.Host.Nodes.Count == 0, "the node is withdrawn");
                bed.Replace();
                bed.Device.Echoes = true;
                return "another device";
            case 6:
                Settle(bed.Controller.SuspendAsync());
                return "a suspend, if nothing was outstanding";
            default:
                clients[random.Next(Clients)].Handle?.Dispose();
                return "a handle closed by another";
        }
    }

    // Waits for the end, good or bad.
    private static void Settle(Task task) => RemovalBed.Soon(task.ContinueWith(static done => _ = done.Exception, TaskScheduler.Default));

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}
