using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section E: giving up, by token or by time.</summary>
public class CancellationTests
{
    private const int M = DefBed.M;

    [Fact]
    [UciClause(82, "A cancelled token acts before data is looked at: nothing is consumed, nothing queued.")]
    public void UCI_082_ACancelledTokenActsFirst()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.True(bed.Device.Deliver(DefBed.Down, [1, 2, 3]));
        bed.Until(() => bed.Counters.PendingBuffers == 1);
        var cancelled = new CancellationToken(canceled: true);
        byte[] buffer = new byte[10];
        Action[] calls =
        [
            () => handle.Read(buffer, cancellationToken: cancelled),
            () => handle.Receive(buffer, cancellationToken: cancelled),
            () => handle.Write(buffer, cancellationToken: cancelled),
            () => handle.Send(buffer, cancellationToken: cancelled),
            () => handle.WriteMessage(buffer, cancellationToken: cancelled),
            () => handle.Flush(cancellationToken: cancelled),
            () => handle.Poll(UciPollEvents.In, cancellationToken: cancelled),
        ];
        Func<Task>[] asyncCalls =
        [
            () => handle.ReadAsync(buffer, cancelled).AsTask(),
            () => handle.ReceiveAsync(buffer, cancellationToken: cancelled).AsTask(),
            () => handle.WriteAsync(buffer, cancelled).AsTask(),
            () => handle.SendAsync(buffer, cancellationToken: cancelled).AsTask(),
            () => handle.WriteMessageAsync(buffer, cancellationToken: cancelled).AsTask(),
            () => handle.FlushAsync(cancellationToken: cancelled).AsTask(),
            () => handle.PollAsync(UciPollEvents.In, cancellationToken: cancelled).AsTask(),
            () => handle.NextChangeAsync(UciPollEvents.In, cancelled).AsTask(),
        ];
        foreach (Action call in calls)
        {
            Assert.Equal(cancelled, Assert.Throws<UciCanceledException>(call).CancellationToken);
        }

        foreach (Func<Task> call in asyncCalls)
        {
            Task task = call();
            Assert.Equal(cancelled, bed.Failure<UciCanceledException>(task).CancellationToken);
            Assert.True(task.IsCanceled);
        }

        bed.Pump();
        Assert.Equal("", bed.Flags());
        Assert.Equal(0, bed.Counters.Waiters);
        Assert.Equal(3, handle.Read(buffer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(83, "A write cancelled after some packets returns how much was queued; going on with the rest sends nothing twice.")]
    public void UCI_083_APartialWriteIsResumed(bool isAsync)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(DefCause.Cancellation, bed);
        UciHandle handle = bed.Open();
        byte[] data = DefBed.Bytes(8 * M);
        Task<int> writing = cause.Write(handle, data, isAsync);
        bed.Until(() => bed.Flags() == "CCE");
        cause.Happen();
        int count = bed.Result(writing);
        Assert.Equal(3 * M, count);

        bed.Device.CompletesUplink = true;
        _ = bed.Device.CompletePackets(DefBed.Up);
        bed.Pump();
        Task<int> rest = isAsync ? handle.WriteAsync(data.AsMemory(count)).AsTask() : Task.Run(() => handle.Write(data.AsSpan(count)));
        Assert.Equal(data.Length - count, bed.Result(rest));
        bed.Pump();
        Assert.Equal(data, bed.Device.Packets(DefBed.Up).SelectMany(static packet => packet));
    }

    [Theory]
    [InlineData(DefCause.Cancellation)]
    [InlineData(DefCause.Time)]
    [UciClause(82, "A read or write that is cancelled while it waits has consumed and queued nothing.")]
    [UciClause(86, "A read or write whose time is over raises a time-out, and has consumed and queued nothing.")]
    public void UCI_086_NothingHappensWithoutProgress(string name)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Fill(handle, free: 1);
        foreach (bool isAsync in new[] { false, true })
        {
            using var cause = new DefCause(name, bed);
            Task<int> reading = cause.Read(handle, new byte[10], isAsync);
            Task<int> writing = cause.Write(handle, new byte[2 * M], isAsync);
            bed.Until(() => bed.Counters.Waiters == (reading.IsCompleted ? 0 : 1) + (writing.IsCompleted ? 0 : 1));
            cause.Happen();
            cause.AssertFailure(reading);
            cause.AssertFailure(writing);
            Assert.Equal(0, bed.Counters.Waiters);
        }

        Assert.True(bed.Device.Deliver(DefBed.Down, [1, 2, 3]));
        bed.Until(() => bed.Counters.PendingBuffers == 1);
        Assert.Equal(3, handle.Read(new byte[10], TimeSpan.Zero));
        Assert.Equal("EE", bed.Flags());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(86, "A time-out after some packets returns how much was queued; going on with the rest sends nothing twice.")]
    public void UCI_086_APartialWriteIsResumed(bool isAsync)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(DefCause.Time, bed);
        UciHandle handle = bed.Open();
        byte[] data = DefBed.Bytes(5 * M);
        int count = bed.Result(cause.Write(handle, data, isAsync));
        Assert.Equal(3 * M, count);
        bed.Pump();
        _ = bed.Device.CompletePackets(DefBed.Up);
        bed.Pump();
        Assert.Equal(2 * M, handle.Write(data.AsSpan(count)));
        bed.Pump();
        Assert.Equal(data, bed.Device.Packets(DefBed.Up).SelectMany(static packet => packet));
    }

    [Fact]
    [UciClause(86, "A poll whose time is over returns no events.")]
    public void UCI_086_APollTimesOutWithNothing()
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        Assert.Equal(UciPollEvents.None, handle.Poll(UciPollEvents.In | UciPollEvents.Out, TimeSpan.FromMilliseconds(5)));
        Assert.Equal(UciPollEvents.None, bed.Result(handle.PollAsync(UciPollEvents.In, TimeSpan.FromMilliseconds(5)).AsTask()));
        Assert.Equal(UciPollEvents.None, handle.Poll(UciPollEvents.In, TimeSpan.Zero));
    }
}
