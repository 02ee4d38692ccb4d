using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class PublicationTests
{
    [Fact]
    [UciClause(10, "A node becomes visible only when it is complete.")]
    public async Task UCI_010_VisibleMeansUsable()
    {
        using var device = new PromptHost();
        using var entered = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var observer = new RecordingObserver
        {
            OnPublished = node =>
            {
                // What is announced works, before anybody can find it by name.
                using (UciHandle early = node.Open())
                {
                    OpenBed.AssertEchoes(early);
                }

                entered.Set();
                Assert.True(goOn.Wait(UciBed.Long));
            },
        };
        using var host = new UciHost(new UciHostOptions { Observer = observer });
        host.Start();
        int misses = 0;
        Task polling = OpenBed.OnThread(() =>
        {
            while (true)
            {
                try
                {
                    using UciHandle handle = host.Open("mhi_held0_LOOPBACK");
                    OpenBed.AssertEchoes(handle);
                    return;
                }
                catch (UciNodeNotFoundException)
                {
                    _ = Interlocked.Increment(ref misses);
                }
            }
        });

        Task attaching = OpenBed.OnThread(() => host.Attach(device.Controller));
        Assert.True(entered.Wait(UciBed.Long));
        int before = Volatile.Read(ref misses);
        OpenBed.WaitUntil(() => Volatile.Read(ref misses) > before + 1, "the name is looked for while publication is held up");
        Assert.Empty(host.Nodes);
        Assert.Throws<UciNodeNotFoundException>(() => host.Open(0));
        Assert.False(polling.IsCompleted);
        goOn.Set();
        await attaching.WaitAsync(UciBed.Soon);
        await polling.WaitAsync(UciBed.Soon);
    }

    [Fact]
    [UciClause(11, "A failed publication releases everything, also when somebody tries to open meanwhile.")]
    public async Task UCI_011_FailedPublicationAgainstAnOpener()
    {
        using var device = new PromptHost();
        var failure = new UciIOException(UciErrno.NoSpace, "Injected.");
        int tries = 0;
        var observer = new RecordingObserver
        {
            OnPublished = _ =>
            {
                // One whole try, by name and by number, falls into each publication.
                int before = Volatile.Read(ref tries);
                OpenBed.WaitUntil(() => Volatile.Read(ref tries) > before + 1, "the opener tries");
                throw failure;
            },
        };
        using var host = new UciHost(new UciHostOptions { Observer = observer });
        host.Start();
        using var stop = new CancellationTokenSource();
        Task opener = OpenBed.OnThread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.Throws<UciNodeNotFoundException>(() => host.Open("mhi_held0_LOOPBACK"));
                Assert.Throws<UciNodeNotFoundException>(() => host.Open(0));
                Volatile.Write(ref tries, tries + 1);
            }
        });

        for (int i = 0; i < 1000; i++)
        {
            Assert.Same(failure, Assert.Throws<UciIOException>(() => host.Attach(device.Controller)));
        }

        await stop.CancelAsync();
        await opener.WaitAsync(UciBed.Soon);
        Assert.Equal(0, device.Controller.ObserverCount);
        Assert.Empty(host.Nodes);
        Assert.Empty(observer.Gone);
        Assert.Equal(0, device.LiveChannels);
        Assert.Empty(device.Device.Commands);
        observer.OnPublished = null;
        host.Attach(device.Controller);
        Assert.Equal(1, device.Controller.ObserverCount);
        Assert.Equal(0, Assert.Single(host.Nodes).Minor);
        using UciHandle handle = host.Open(0);
        OpenBed.AssertEchoes(handle);
    }

    [Fact]
    [UciClause(11, "A failed publication releases everything, also when somebody tries to open meanwhile.")]
    public void UCI_011_HandleOfARefusedNodeIsDead()
    {
        using var device = new PromptHost();
        UciHandle? early = null;
        var observer = new RecordingObserver
        {
            OnPublished = node =>
            {
                early = node.Open();
                throw new UciIOException(UciErrno.NoSpace, "Injected.");
            },
        };
        using var host = new UciHost(new UciHostOptions { Observer = observer });
        host.Attach(device.Controller);
        Assert.Throws<UciIOException>(host.Start);
        Assert.Throws<UciDeviceRemovedException>(() => early!.Read(new byte[1], UciBed.Long));
        Assert.Throws<UciNodeNotFoundException>(() => early!.Node.Open());
        OpenBed.WaitUntil(() => device.Device.Commands.Length == 4, "the channel is taken from the device");
        early!.Dispose();
        OpenBed.WaitUntil(() => device.LiveChannels == 0, "its buffers are freed");
    }

    [Fact]
    [UciClause(12, "Every publication has a new generation number; what a handle says of its node never changes.")]
    public void UCI_012_GenerationsGrow()
    {
        using var bed = new OpenBed();
        using UciHandle old = bed.Open();
        (string Name, string Channel, int Minor, long Generation) before = Identity(old.Node);
        bed.Host.Remove(bed.Controller);
        Assert.Throws<UciNodeNotFoundException>(() => bed.Host.Open(bed.Node.Name));
        bed.Host.Attach(bed.Controller);
        UciNode node = bed.Host.Nodes.Single();
        Assert.Equal(old.Name, node.Name);
        Assert.True(node.Generation > before.Generation);
        Assert.Equal(before, Identity(old.Node));
        using UciHandle handle = bed.Host.Open(node.Name);
        Assert.Same(node, handle.Node);
        Assert.Equal(before, Identity(old.Node));

        static (string Name, string Channel, int Minor, long Generation) Identity(UciNode node) =>
            (node.Name, node.ChannelName, node.Minor, node.Generation);
    }
}
