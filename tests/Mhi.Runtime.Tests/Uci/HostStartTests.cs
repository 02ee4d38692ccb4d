using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class HostStartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [UciClause(1, "Starting the host is all or nothing: a step that fails undoes those before it and is reported itself.")]
    public void UCI_001_FailedStartUndoesEveryStep(int failingStep)
    {
        using var first = new PromptHost("first");
        using var second = new PromptHost("second");
        using var third = new PromptHost("third");
        const int Injected = 13;
        var failure = new UciIOException(Injected, "Injected.");
        MhiController[] controllers = [first.Controller, second.Controller, third.Controller];
        int step = 0;
        var observer = new RecordingObserver { OnPublished = _ => FailAt(++step) };
        using var host = new UciHost(new UciHostOptions { Observer = observer });
        Array.ForEach(controllers, host.Attach);

        UciIOException thrown = Assert.Throws<UciIOException>(host.Start);
        Assert.Same(failure, thrown);
        Assert.Equal(Injected, thrown.ErrorCode);
        Assert.Empty(host.Nodes);
        Assert.Equal(failingStep - 1, observer.Accepted.Count);
        Assert.Equal(observer.Accepted, observer.Gone);
        Assert.All(observer.Accepted, node => Assert.True(node.IsGone));
        Assert.Throws<UciNodeNotFoundException>(() => host.Open("mhi_first_LOOPBACK"));
        Assert.All(controllers, static controller => Assert.Equal(0, controller.ObserverCount));

        host.Start();
        Assert.Equal([0, 1, 2], host.Nodes.Select(node => node.Minor));
        Assert.All(controllers, static controller => Assert.Equal(1, controller.ObserverCount));
        using UciHandle handle = host.Open("mhi_third_LOOPBACK");
        OpenBed.AssertEchoes(handle);

        void FailAt(int number)
        {
            if (number == failingStep)
            {
                throw failure;
            }
        }
    }

    [Fact]
    public void Start_Twice_IsRefused()
    {
        using var host = new UciHost();
        host.Start();
        Assert.Throws<InvalidOperationException>(host.Start);
    }

    [Fact]
    [UciClause(2, "Every matching channel that is there when the host starts is published before the start returns.")]
    public void UCI_002_StartPublishesWhatIsThere()
    {
        using var first = new PromptHost("first");
        using var second = new PromptHost("second");
        using var third = new PromptHost("third");
        using var host = new UciHost();
        host.Attach(first.Controller);
        host.Attach(second.Controller);
        host.Attach(third.Controller);
        Assert.Empty(host.Nodes);
        host.Start();
        Assert.Equal(["mhi_first_LOOPBACK", "mhi_second_LOOPBACK", "mhi_third_LOOPBACK"], host.Nodes.Select(node => node.Name));
    }

    [Fact]
    [UciClause(2, "Every matching channel that is there when the host starts is published before the start returns.")]
    public async Task UCI_002_ADeviceAtRestIsThere()
    {
        using var device = new PromptHost();
        await device.Controller.SuspendAsync();
        Assert.Equal(MhiControllerState.Suspended, device.Controller.State);
        using var host = new UciHost();
        host.Attach(device.Controller);
        host.Start();
        _ = Assert.Single(host.Nodes);
        using UciHandle handle = host.Open(0);
        OpenBed.AssertEchoes(handle);
        Assert.Equal(MhiControllerState.MissionMode, device.Controller.State);
    }

    [Fact]
    [UciClause(3, "Stopping the host removes every node as if its device had gone, open handles or not.")]
    public async Task UCI_003_StopEndsWhatIsBlocked()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        bed.Device.Echoes = false;
        using UciHandle reader = bed.Open();
        using UciHandle writer = bed.Open();
        while (writer.TrySend([1], out _) == UciStatus.Done)
        {
        }

        Task<int> reading = OpenBed.OnThread(() => reader.Read(new byte[1]));
        Task<int> writing = OpenBed.OnThread(() => writer.Write([1]));
        OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == 2, "both block");

        await OpenBed.OnThread(bed.Host.Stop).WaitAsync(UciBed.Soon);
        var readFault = await Assert.ThrowsAsync<UciDeviceRemovedException>(() => reading.WaitAsync(UciBed.Soon));
        var writeFault = await Assert.ThrowsAsync<UciDeviceRemovedException>(() => writing.WaitAsync(UciBed.Soon));
        Assert.Equal(UciErrno.NoDevice, readFault.ErrorCode);
        Assert.Equal(UciErrno.NoDevice, writeFault.ErrorCode);
        Assert.Empty(bed.Host.Nodes);
    }

    [Fact]
    [UciClause(4, "After a stop no name, minor number or buffer remains, and the host can be started again.")]
    public void UCI_004_StopLeavesNothing()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        long generation = 0;
        for (int cycle = 0; cycle < 50; cycle++)
        {
            UciNode node = bed.Host.Nodes.Single();
            Assert.Equal(0, node.Minor);
            Assert.True(node.Generation > generation);
            generation = node.Generation;
            UciHandle handle = node.Open();
            OpenBed.AssertEchoes(handle);
            Assert.True(bed.Device.Deliver(OpenBed.Downlink, [1, 2, 3]));

            // Closed in order every other time, else found open by the stop.
            bool isClosedFirst = cycle % 2 == 0;
            if (isClosedFirst)
            {
                handle.Dispose();
            }

            bed.Host.Stop();
            Assert.Empty(bed.Host.Nodes);
            Assert.Throws<UciNodeNotFoundException>(() => bed.Host.Open(0));
            handle.Dispose();
            OpenBed.WaitUntil(() => bed.LiveChannels == 0, "buffers are freed");
            bed.Host.Start();
        }
    }

    [Fact]
    [UciClause(4, "After a stop no name, minor number or buffer remains, and the host can be started again.")]
    public void UCI_004_RestartDoesNotWaitForOldHandles()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        UciHandle old = bed.Open();
        for (int cycle = 0; cycle < 50; cycle++)
        {
            // The device is still being told to let go of the old channel when the new one is asked for.
            bed.Host.Stop();
            bed.Host.Start();
            UciHandle handle = bed.Host.Open(bed.Node.Name);
            OpenBed.AssertEchoes(handle);
            Assert.Throws<UciDeviceRemovedException>(() => old.Write([1]));
            old.Dispose();
            old = handle;
        }

        old.Dispose();
        OpenBed.WaitUntil(() => bed.LiveChannels == 0, "buffers are freed");
    }

    [Fact]
    [UciClause(4, "After a stop no name, minor number or buffer remains, and the host can be started again.")]
    public async Task UCI_004_OpenWaitsUntilTheOldChannelIsReset()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        using UciHandle old = bed.Open();
        bed.Device.Answers = static (type, _) =>
            type == ElementType.ResetChannel ? CommandAnswer.Stall : CommandAnswer.Succeed;
        bed.Host.Stop();
        bed.Host.Start();
        Task<UciHandle> opening = bed.Host.OpenAsync(bed.Node.Name);
        await bed.SettleRequestsAsync();
        Assert.False(opening.IsCompleted);

        // Downlink first, then uplink.
        Assert.Equal(1, bed.Device.AnswerStalled());
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "the second RESET");
        bed.Device.Answers = static (_, _) => CommandAnswer.Succeed;
        Assert.Equal(1, bed.Device.AnswerStalled());
        using UciHandle handle = await opening.WaitAsync(UciBed.Soon);
        OpenBed.AssertEchoes(handle);
    }

    [Fact]
    public async Task Open_WaitingForAReset_EndsWithTheController()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        using UciHandle old = bed.Open();
        bed.Device.Answers = static (_, _) => CommandAnswer.Stall;
        bed.Host.Stop();
        bed.Host.Start();
        Task<UciHandle> opening = bed.Host.OpenAsync(bed.Node.Name);
        await bed.SettleRequestsAsync();
        bed.Device.Vanish();
        var gone = await Assert.ThrowsAsync<UciNodeNotFoundException>(() => opening.WaitAsync(UciBed.Long));
        Assert.Equal(UciErrno.NoDevice, gone.ErrorCode);
        Assert.Equal(MhiControllerState.Failed, bed.Controller.State);
    }
}
