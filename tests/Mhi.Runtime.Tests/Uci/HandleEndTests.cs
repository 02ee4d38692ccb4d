using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class HandleEndTests
{
    [Fact]
    [UciClause(37, "Close may be called again, and a handle that nobody closed is released by its finaliser.")]
    public async Task UCI_037_DisposedTwice()
    {
        using var bed = new OpenBed();
        UciHandle handle = bed.Open();
        using UciHandle other = bed.Open();
        handle.Dispose();
        handle.Dispose();
        await handle.DisposeAsync();
        Assert.True(handle.IsClosed);
        Assert.Equal(1, bed.Node.Counters.OpenHandles);
        OpenBed.AssertEchoes(other);
    }

    [Fact]
    [UciClause(37, "Close may be called again, and a handle that nobody closed is released by its finaliser.")]
    public void UCI_037_AbandonedHandleIsReleased()
    {
        using var bed = new OpenBed();
        OpenAndForget(bed);
        OpenBed.WaitUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return bed.Node.Counters.OpenHandles == 0;
            },
            "the handle is finalised");
        OpenBed.WaitUntil(() => bed.LiveChannels == 0, "the channel is stopped");
        using UciHandle handle = bed.Open();
        OpenBed.AssertEchoes(handle);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(38, "Closing a handle ends what is in flight on it and disturbs no other handle.")]
    public async Task UCI_038_CloseEndsWhatIsInFlight(bool isAsync)
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        bed.Device.Echoes = false;
        UciHandle closed = bed.Open();
        using UciHandle other = bed.Open();
        while (closed.TrySend([1], out _) == UciStatus.Done)
        {
        }

        int waiters = 0;
        Task[] ending =
        [
            Begin(() => closed.Read(new byte[10]), () => closed.ReadAsync(new byte[10]).AsTask()),
            Begin(() => closed.Write([2]), () => closed.WriteAsync(new byte[] { 2 }).AsTask()),
            Begin(() => closed.Poll(UciPollEvents.In), () => closed.PollAsync(UciPollEvents.In).AsTask()),
            Begin(() => closed.Flush(), () => closed.FlushAsync().AsTask()),
        ];

        // Behind the closed handle's, and so woken by its end.
        byte[] buffer = new byte[10];
        Task<int> reading = OpenBed.OnThread(() => other.Read(buffer));
        Task<int> writing = OpenBed.OnThread(() => other.Write([3]));
        OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == waiters + 2, "the others wait");

        await OpenBed.OnThread(closed.Dispose).WaitAsync(UciBed.Soon);
        foreach (Task task in ending)
        {
            var exception = await Assert.ThrowsAsync<UciHandleClosedException>(() => task.WaitAsync(UciBed.Soon));
            _ = Assert.IsType<ObjectDisposedException>(exception, exactMatch: false);
            Assert.Equal(UciErrno.BadHandle, exception.ErrorCode);
        }

        Assert.Equal(2, bed.Node.Counters.Waiters);
        Assert.False(reading.IsCompleted);
        Assert.False(writing.IsCompleted);
        Assert.True(bed.Device.Deliver(OpenBed.Downlink, [7, 8, 9]));
        Assert.Equal(3, await reading.WaitAsync(UciBed.Soon));
        Assert.Equal([7, 8, 9], buffer[..3]);
        Assert.Equal(1, bed.Device.CompletePackets(OpenBed.Uplink, 1));
        Assert.Equal(1, await writing.WaitAsync(UciBed.Soon));
        Assert.Throws<UciHandleClosedException>(() => closed.Read(buffer));

        Task Begin(Action blocking, Func<Task> pending)
        {
            Task task = isAsync ? pending() : OpenBed.OnThread(blocking);
            waiters++;
            OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == waiters, "it waits");
            return task;
        }
    }

    [Fact]
    [UciClause(39, "A node is released once, after removal and the last close, and touches nothing of a later publication.")]
    public void UCI_039_OldHandleTouchesNothingNew()
    {
        using var bed = new OpenBed();
        using UciHandle handle = ReplaceNode(bed, out WeakReference node);
        Assert.Equal(1, bed.LiveChannels);
        Assert.DoesNotContain(bed.Device.Commands, static command => command.Type == ElementType.ResetChannel);
        OpenBed.AssertEchoes(handle);
        OpenBed.WaitUntil(
            () =>
            {
                GC.Collect();
                return !node.IsAlive;
            },
            "the old node is released");
        OpenBed.AssertEchoes(handle);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenAndForget(OpenBed bed) => OpenBed.AssertEchoes(bed.Open());

    // Its own frame, so that nothing but the host could still know the old node.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UciHandle ReplaceNode(OpenBed bed, out WeakReference node)
    {
        bed.Host.Stop();
        bed.Host.Start();
        UciHandle old = bed.Host.Open(0);
        node = new WeakReference(old.Node);
        Assert.True(bed.Device.Deliver(OpenBed.Downlink, [1]));
        bed.Host.Remove(bed.Controller);
        bed.Host.Attach(bed.Controller);
        UciHandle handle = bed.Host.Open(0);
        OpenBed.AssertEchoes(handle);
        Assert.Equal(2, bed.LiveChannels);
        bed.Device.ForgetRecords();
        old.Dispose();
        OpenBed.WaitUntil(() => bed.LiveChannels == 1, "the old buffers are freed");
        OpenBed.AssertEchoes(handle);
        return handle;
    }
}
