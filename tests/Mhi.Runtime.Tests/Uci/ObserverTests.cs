using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>What an observer of a host may rely on, and what it may not do.</summary>
public class ObserverTests
{
    private const string Requirement = "Client code and continuations never run on the completion thread nor under an internal lock, and no lock but a turn is held across a call into the core.";

    [Fact]
    [UciClause(101, Requirement)]
    public async Task UCI_101_ObserverHearsOfOneChangeAtATimeInOrder()
    {
        using var first = new PromptHost("held0", TestProfile.Of(4, "LOOPBACK", "QMI"));
        using var second = new PromptHost("held1", TestProfile.Of(4, "LOOPBACK", "QMI"));
        var observer = new Chronicle();
        using var host = new UciHost(new UciHostOptions
        {
            Observer = observer,
            Table = new UciTable([new UciTableEntry("LOOPBACK", 256), new UciTableEntry("QMI", 256)]),
        });
        host.Start();

        // Each device comes and goes by a thread of its own.
        Task[] changes = [.. new[] { first, second }.Select(device => OpenBed.OnThread(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                host.Attach(device.Controller);
                host.Remove(device.Controller);
            }
        }))];
        await Task.WhenAll(changes).WaitAsync(UciBed.Long);

        Assert.Equal(0, observer.Overlaps);
        Assert.Equal(2 * 2 * 2 * 200, observer.Calls.Count);
        foreach (IGrouping<long, (long Generation, bool IsPublished)> node in observer.Calls.GroupBy(static call => call.Generation))
        {
            Assert.Equal([true, false], node.Select(static call => call.IsPublished));
        }

        // The two channels of a device come together: nothing of another device is told between them.
        Assert.All(observer.Calls.Chunk(2), static pair => Assert.Equal((pair[0].Generation + 1, pair[0].IsPublished), (pair[1].Generation, pair[1].IsPublished)));
    }

    [Fact]
    [UciClause(101, Requirement)]
    public void UCI_101_ObserverThatWouldChangeTheHostIsRefused()
    {
        using var device = new PromptHost();
        using var other = new PromptHost("held1");
        var refused = new List<Exception?>();
        UciHost? host = null;
        var observer = new RecordingObserver();
        observer.OnPublished = _ =>
        {
            UciHost changed = host!;
            Action[] changes = [changed.Start, changed.Stop, changed.Dispose, () => changed.Attach(other.Controller), () => changed.Remove(device.Controller)];
            refused.AddRange(changes.Select(Record.Exception));
        };
        host = new UciHost(new UciHostOptions { Observer = observer });
        using (host)
        {
            host.Start();
            host.Attach(device.Controller);
            Assert.Equal(5, refused.Count);
            Assert.All(refused, static exception => Assert.Contains("observer", Assert.IsType<InvalidOperationException>(exception).Message, StringComparison.Ordinal));

            // Nothing of it has happened.
            Assert.Same(Assert.Single(observer.Accepted), Assert.Single(host.Nodes));
            using UciHandle handle = host.Open(0);
            OpenBed.AssertEchoes(handle);
        }
    }

    [Fact]
    [UciClause(101, Requirement)]
    public async Task UCI_101_SlowObserverHoldsUpNoClientAndNoController()
    {
        using var device = new PromptHost();
        using var other = new PromptHost("held1");
        using var entered = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var observer = new RecordingObserver();
        using var host = new UciHost(new UciHostOptions { Observer = observer });
        host.Attach(device.Controller);
        host.Start();
        using UciHandle handle = host.Open(0);
        observer.OnPublished = _ =>
        {
            entered.Set();
            Assert.True(goOn.Wait(UciBed.Long));
        };
        Task attaching = OpenBed.OnThread(() => host.Attach(other.Controller));
        Assert.True(entered.Wait(UciBed.Long));
        Task removing = OpenBed.OnThread(() => host.Remove(device.Controller));

        await OpenBed.OnThread(() =>
        {
            OpenBed.AssertEchoes(handle);
            using UciHandle another = host.Open(0);
            OpenBed.AssertEchoes(another);
        }).WaitAsync(UciBed.Long);
        device.Device.RaiseSystemError();
        OpenBed.WaitUntil(() => device.Controller.State == MhiControllerState.Failed, "the controller fails beside it");
        Assert.False(removing.IsCompleted);

        goOn.Set();
        await Task.WhenAll(attaching, removing).WaitAsync(UciBed.Long);
        Assert.Equal("mhi_held1_LOOPBACK", Assert.Single(host.Nodes).Name);
    }

    [Fact]
    [UciClause(101, Requirement)]
    public void UCI_101_ObserverThatFailsLeavesNothingHalfWithdrawn()
    {
        using var first = new PromptHost("held0", TestProfile.Of(4, "LOOPBACK", "QMI"));
        using var second = new PromptHost("held1");
        var observer = new FailingObserver();
        using var host = new UciHost(new UciHostOptions
        {
            Observer = observer,
            Table = new UciTable([new UciTableEntry("LOOPBACK", 256), new UciTableEntry("QMI", 256)]),
        });
        host.Attach(first.Controller);
        host.Attach(second.Controller);
        host.Start();
        UciHandle[] handles = [.. host.Nodes.Select(static node => node.Open())];
        Assert.Equal(3, handles.Length);

        observer.Fails = true;
        Assert.Equal("Injected.", Assert.Throws<InvalidOperationException>(host.Stop).Message);
        Assert.Equal(3, observer.Told);
        Assert.Empty(host.Nodes);
        Assert.All(handles, static handle => Assert.Throws<UciDeviceRemovedException>(() => handle.Read(new byte[1])));
        Assert.All(handles, static handle => handle.Dispose());

        observer.Fails = false;
        host.Start();
        Assert.Equal(3, host.Nodes.Count);
        using UciHandle handle = host.Open(0);
        OpenBed.AssertEchoes(handle);
    }

    /// <summary>Fails to withdraw a node when told to.</summary>
    private sealed class FailingObserver : IUciHostObserver
    {
        public bool Fails { get; set; }

        public int Told { get; private set; }

        public void Published(UciNode node)
        {
        }

        public void Withdrawn(UciNode node)
        {
            Told++;
            if (Fails)
            {
                throw new InvalidOperationException("Injected.");
            }
        }
    }

    /// <summary>Writes down every call, and whether two ran at once.</summary>
    private sealed class Chronicle : IUciHostObserver
    {
        private int _inside;
        private int _overlaps;

        public List<(long Generation, bool IsPublished)> Calls { get; } = [];

        public int Overlaps => Volatile.Read(ref _overlaps);

        public void Published(UciNode node) => Add(node, isPublished: true);

        public void Withdrawn(UciNode node) => Add(node, isPublished: false);

        private void Add(UciNode node, bool isPublished)
        {
            if (Interlocked.Increment(ref _inside) != 1)
            {
                _ = Interlocked.Increment(ref _overlaps);
            }

            Calls.Add((node.Generation, isPublished));
            _ = Interlocked.Decrement(ref _inside);
        }
    }
}
