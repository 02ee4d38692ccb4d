using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A handle as a duplex pipe.</summary>
public class PipeTests
{
    [Fact]
    public async Task Flush_SendsWhatWasWrittenSinceTheLastAsOneMessage()
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        bed.Device.CompletesUplink = true;
        Fill(pipe.Output, 150, 1);
        Fill(pipe.Output, 100, 2);
        Assert.Equal(250, pipe.Output.UnflushedBytes);
        Assert.False((await pipe.Output.FlushAsync()).IsCanceled);
        Assert.Equal(0, pipe.Output.UnflushedBytes);

        // Nothing written is no message; what can never be one packet is cut.
        _ = await pipe.Output.FlushAsync();
        await pipe.Output.WriteAsync(new byte[500]);
        OpenBed.WaitUntil(() => bed.Node.Counters.CompletedBuffers == 8, "the device has everything");
        Assert.Equal([250, 300, 200], bed.Device.Packets(RemovalBed.Uplink).Select(static packet => packet.Length));
        Assert.Equal([.. Enumerable.Repeat((byte)1, 150), .. Enumerable.Repeat((byte)2, 100)], bed.Device.Packets(RemovalBed.Uplink)[0]);
    }

    [Fact]
    public async Task Input_ReadsWhatTheDeviceSends()
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        bed.Deliver(1, 2, 3);
        ReadResult read = await pipe.Input.ReadAsync();
        Assert.Equal([1, 2, 3], read.Buffer.ToArray());

        // Looked at and not consumed: it comes again, with what follows.
        pipe.Input.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.End);
        bed.Deliver(4);
        read = await pipe.Input.ReadAsync();
        Assert.Equal([2, 3, 4], read.Buffer.ToArray());
        Assert.False(read.IsCompleted);
        pipe.Input.AdvanceTo(read.Buffer.End);

        Task<ReadResult> pending = pipe.Input.ReadAsync().AsTask();
        pipe.Input.CancelPendingRead();
        Assert.True(RemovalBed.Soon(pending).IsCanceled);
        pipe.Input.AdvanceTo((await pending).Buffer.End);
        bed.LeaveAndSee(Leaving.Remove);
        RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(pipe.Input.ReadAsync().AsTask()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Flush_Cancelled_KeepsWhatIsLeftForTheNext(bool byToken)
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        using var source = new CancellationTokenSource();
        Fill(pipe.Output, 500, 3);
        Task<FlushResult> flush = pipe.Output.FlushAsync(source.Token).AsTask();
        bed.UntilHeld(3);
        OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == 1, "the flush waits");
        if (byToken)
        {
            source.Cancel();
            var failure = await Assert.ThrowsAsync<UciCanceledException>(() => flush);
            Assert.Equal(source.Token, failure.CancellationToken);
            Assert.Equal(300, failure.BytesTransferred);
        }
        else
        {
            pipe.Output.CancelPendingFlush();
            Assert.True(RemovalBed.Soon(flush).IsCanceled);
        }

        Assert.Equal(200, pipe.Output.UnflushedBytes);
        bed.Device.CompletesUplink = true;
        Assert.False(RemovalBed.Soon(pipe.Output.FlushAsync().AsTask()).IsCanceled);
        OpenBed.WaitUntil(() => bed.Node.Counters.CompletedBytes == 500, "the device has everything");
        Assert.Equal([300, 200], bed.Device.Packets(RemovalBed.Uplink).Select(static packet => packet.Length));
    }

    [Fact]
    public async Task Flush_AfterACancellationThatCameTooLate_Sends()
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        using var source = new CancellationTokenSource();
        source.Cancel();

        // There is nothing to send, so nothing is cancelled; nor is the next flush.
        Assert.False((await pipe.Output.FlushAsync(source.Token)).IsCanceled);
        Fill(pipe.Output, 10, 4);
        Assert.False((await pipe.Output.FlushAsync()).IsCanceled);

        // A cancellation that was asked for by itself waits for the next flush that sends.
        pipe.Output.CancelPendingFlush();
        Fill(pipe.Output, 10, 5);
        Assert.True((await pipe.Output.FlushAsync()).IsCanceled);
        Assert.False((await pipe.Output.FlushAsync()).IsCanceled);
        Assert.Equal(20, bed.Node.Counters.QueuedBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_SendsWhatWasNotFlushed(bool isAsync)
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        Fill(pipe.Output, 150, 6);
        if (isAsync)
        {
            await pipe.Output.CompleteAsync();
        }
        else
        {
            pipe.Output.Complete();
        }

        Assert.Equal(150, bed.Node.Counters.QueuedBytes);
        Assert.Throws<InvalidOperationException>(() => pipe.Output.GetSpan());
        pipe.Output.Complete();
        Assert.Equal(150, bed.Node.Counters.QueuedBytes);

        // The other side goes on.
        bed.Deliver(1);
        Assert.Equal(1, (await pipe.Input.ReadAsync()).Buffer.Length);
    }

    [Fact]
    public async Task Complete_WithAnException_SendsNothing()
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        Fill(pipe.Output, 150, 7);
        await pipe.Output.CompleteAsync(new InvalidOperationException("half a message"));
        Assert.Equal(0, bed.Node.Counters.QueuedBytes);
    }

    [Fact]
    public async Task Dispose_ClosesTheHandle_EndsWhatIsPendingAndSendsNoHalfMessage()
    {
        using var bed = new RemovalBed();
        var pipe = new UciPipe(bed.Open());
        Fill(pipe.Output, 150, 8);
        Task<ReadResult> pending = pipe.Input.ReadAsync().AsTask();
        bed.UntilWaiting(1);
        await pipe.DisposeAsync();
        RemovalBed.AssertError<UciHandleClosedException>(UciErrno.BadHandle, RemovalBed.Ending(pending));
        Assert.Equal(0, bed.Node.Counters.QueuedBytes);
        Assert.Equal(0, bed.Node.Counters.OpenHandles);
        await pipe.DisposeAsync();
    }

    [Fact]
    public async Task Flush_OfADeviceThatIsGone_SaysSo()
    {
        using var bed = new RemovalBed();
        await using var pipe = new UciPipe(bed.Open());
        Fill(pipe.Output, 500, 9);
        Task flush = pipe.Output.FlushAsync().AsTask();
        bed.UntilHeld(3);
        bed.Leave(Leaving.Remove);
        RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(flush));
    }

    private static void Fill(PipeWriter writer, int length, byte value)
    {
        writer.GetSpan(length)[..length].Fill(value);
        writer.Advance(length);
    }
}
