using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A device that comes back: its new node and the handles of the old one.</summary>
public class ReturnTests
{
    private static readonly int[][] s_orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [InlineData(Leaving.PowerDown)]
    [InlineData(Leaving.Vanish)]
    [UciClause(110, "Closing handles after removal touches neither the channel nor any later device.")]
    public void UCI_110_ClosingOldHandlesLeavesTheSuccessorAlone(Leaving way)
    {
        foreach (int[] order in s_orders)
        {
            using var bed = new RemovalBed();
            UciHandle[] old = [bed.Open(), bed.Open(), bed.Open()];
            bed.Deliver(1, 2);
            Assert.Equal(1, old[0].Read(new byte[1], UciBed.Long));
            _ = old[1].Write([3]);
            bed.LeaveAndSee(way);
            UciNode successor = bed.Return(way);
            bed.Device.Echoes = true;
            using UciHandle current = bed.Host.Open(successor.Name);
            HeldDevice[] devices = [.. bed.Devices];
            int[] commands = [.. devices.Select(device => device.Commands.Length)];
            foreach (int index in order)
            {
                OpenBed.AssertEchoes(current);
                RemovalBed.Soon(old[index].CloseAsync());
                OpenBed.AssertEchoes(current);
            }

            Assert.Equal(0, bed.Node.Counters.OpenHandles);
            Assert.Equal(1, successor.Counters.OpenHandles);
            Assert.Equal(commands, devices.Select(device => device.Commands.Length));
        }
    }

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [InlineData(Leaving.PowerDown)]
    [InlineData(Leaving.Vanish)]
    [UciClause(111, "A device that returns has a new node; old handles stay dead, new opens work.")]
    public void UCI_111_ReturnOfTheDevice(Leaving way)
    {
        using var bed = new RemovalBed();
        using UciHandle old = bed.Open();
        UciNode previous = bed.Node;
        for (int round = 0; round < 5; round++)
        {
            bed.LeaveAndSee(way);
            UciNode successor = bed.Return(way);
            Assert.Equal(previous.Name, successor.Name);
            Assert.Equal(previous.Minor, successor.Minor);
            Assert.True(successor.Generation > previous.Generation);
            Assert.True(previous.IsGone);
            RemovalBed.AssertError<UciNodeNotFoundException>(UciErrno.NoDevice, () => previous.Open());
            bed.Device.Echoes = true;
            using UciHandle current = bed.Host.Open(successor.Name);
            OpenBed.AssertEchoes(current);
            RemovalBed.AssertRemoved(() => old.Read(new byte[10]));
            RemovalBed.AssertRemoved(() => old.Write([1]));
            OpenBed.AssertEchoes(current);
            previous = successor;
            if (way == Leaving.Vanish || round == 4)
            {
                continue;
            }

            // The same controller goes again, this time from under the open handle.
            bed.Leave(way);
            RemovalBed.AssertError<UciDeviceRemovedException>(
                UciErrno.NoDevice, RemovalBed.Soon(RemovalBed.Ending(() => current.Read(new byte[10]))));
            OpenBed.WaitUntil(() => bed.Host.Nodes.Count == 0, "the node is withdrawn");
            previous = bed.Return(way);
        }
    }

    [Fact]
    [UciClause(111, "A device that returns has a new node; old handles stay dead, new opens work.")]
    public void UCI_111_ReturnBeforeTheHostHasLooked_RevivesNothing()
    {
        using var observer = new BusyObserver();
        using var bed = new RemovalBed(observer: observer);
        bed.Device.Echoes = true;
        MhiController controller = bed.Controller;
        UciNode node = bed.Node;
        using UciHandle old = node.Open();
        observer.Hold();
        Task plugging = OpenBed.OnThread(() => bed.Plug(new HeldDevice("held1")));
        OpenBed.WaitUntil(() => observer.IsHeld, "the host is busy with another device");

        controller.PowerDown();
        controller.PowerUp();
        Assert.Same(node, Assert.Single(bed.Host.Nodes));
        Assert.True(node.IsGone);
        RemovalBed.AssertRemoved(() => old.Write([1]));
        RemovalBed.AssertRemoved(() => old.Read(new byte[1]));
        RemovalBed.AssertError<UciNodeNotFoundException>(UciErrno.NoDevice, () => node.Open());

        observer.Release();
        RemovalBed.Soon(plugging);
        OpenBed.WaitUntil(() => bed.Host.Nodes.Count(static other => !other.IsGone) == 2, "the new node is published");
        using UciHandle current = bed.Host.Open(node.Name);
        OpenBed.AssertEchoes(current);
        RemovalBed.AssertRemoved(() => old.Write([1]));
        Assert.Equal("3 published, 1 withdrawn", observer.Counts);
    }

    [Fact]
    [UciClause(112, "Removal is idempotent and safe against every other operation.")]
    public void UCI_112_RemovalIsIdempotent()
    {
        using var observer = new BusyObserver();
        using var bed = new RemovalBed(observer: observer);
        using UciHandle handle = bed.Open();
        Task[] removals = [.. Enumerable.Range(0, 8).Select(i => OpenBed.OnThread(() => bed.Leave(i % 2 == 0 ? Leaving.Remove : Leaving.Stop)))];
        Assert.All(removals, RemovalBed.Soon);
        bed.Leave(Leaving.Remove);
        bed.Leave(Leaving.Stop);
        bed.Leave(Leaving.Vanish);
        bed.Leave(Leaving.PowerDown);
        bed.Leave(Leaving.Remove);
        Assert.Equal("1 published, 1 withdrawn", observer.Counts);
        Assert.Empty(bed.Host.Nodes);
        RemovalBed.AssertRemoved(() => handle.Read(new byte[1]));
    }

    /// <summary>Counts, and keeps the host busy when told to.</summary>
    private sealed class BusyObserver : IUciHostObserver, IDisposable
    {
        private readonly ManualResetEventSlim _mayGoOn = new(initialState: true);
        private volatile bool _isHeld;
        private int _published;
        private int _withdrawn;

        public bool IsHeld => _isHeld;

        public string Counts => $"{Volatile.Read(ref _published)} published, {Volatile.Read(ref _withdrawn)} withdrawn";

        public void Hold() => _mayGoOn.Reset();

        public void Release() => _mayGoOn.Set();

        public void Published(UciNode node)
        {
            _isHeld = !_mayGoOn.IsSet;
            Assert.True(_mayGoOn.Wait(UciBed.Long));
            _ = Interlocked.Increment(ref _published);
        }

        public void Withdrawn(UciNode node) => Interlocked.Increment(ref _withdrawn);

        public void Dispose() => _mayGoOn.Dispose();
    }
}
