using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section D: what completions of written data do, and Flush.</summary>
public class UplinkCompletionTests
{
    private const int M = DefBed.M;

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(0x10, true)]
    [InlineData(0x11, true)]
    [InlineData(0x00, true)]
    [InlineData(0x7f, true)]
    [UciClause(77, "Every completion of written data frees its buffer exactly once, whatever its status.")]
    public void UCI_077_EveryStatusFreesTheBufferOnce(int status, bool isFailure)
    {
        var code = (CompletionCode)status;
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open(nonBlocking: true);
        for (int i = 1; i <= 100; i++)
        {
            // As many as there are, and not one more.
            bed.Fill(handle);
            Assert.Equal(UciStatus.WouldBlock, handle.TrySend([1], out _));
            for (int k = 0; k < 3; k++)
            {
                bed.Device.Complete(DefBed.Up, 0, code);
            }

            // Said twice, it counts once.
            bed.Device.DuplicateCompletion();
            bed.Pump();
            UciCounters counters = bed.Counters;
            Assert.Equal(0, counters.OutstandingBuffers);
            Assert.Equal(isFailure ? 3 * i : 0, counters.FailedBuffers);
            Assert.Equal(isFailure ? 0 : 3 * i, counters.CompletedBuffers);
        }
    }

    [Theory]
    [InlineData(DefCause.Removal)]
    [InlineData(DefCause.Reset)]
    [InlineData(DefCause.Error)]
    [UciClause(77, "Buffers that a reset gives back are freed exactly once.")]
    public void UCI_077_AResetFreesTheBuffersOnce(string name)
    {
        using var bed = DefBed.Stepped();
        int regions = bed.Device.LiveRegions;
        using var cause = new DefCause(name, bed);
        UciHandle handle = bed.Open();
        Assert.NotEqual(regions, bed.Device.LiveRegions);
        bed.Fill(handle);
        cause.Happen();
        bed.Until(() => (handle.Poll() & UciPollEvents.Error) != 0);
        bed.Until(() => bed.Counters.OutstandingBuffers == 0);
        Assert.Equal(3, bed.Counters.DroppedBuffers);
        bed.Close(handle);
        Assert.Equal(3, bed.Counters.DroppedBuffers);

        // A failed controller gives its own rings back as well.
        Assert.Equal(name == DefCause.Error ? 0 : regions, bed.Device.LiveRegions);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(0x10)]
    [InlineData(0x11)]
    [UciClause(78, "Every completion of written data wakes writers and pollers that wait, whatever its status.")]
    public void UCI_078_EveryStatusWakes(int status)
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        Task<UciPollEvents> polling = bed.Watching(handle, () => handle.Poll(UciPollEvents.Out));
        bed.Device.Complete(DefBed.Up, 0, (CompletionCode)status);
        Assert.Equal(UciPollEvents.Out, bed.Soon(polling));

        bed.Fill(handle);
        Task<int> blocked = bed.WaitingWriter(handle, () => handle.Write([1]));
        bed.Device.Complete(DefBed.Up, 0, (CompletionCode)status);
        Assert.Equal(1, bed.Soon(blocked));

        bed.Until(() => bed.Device.Outstanding(DefBed.Up).Length == 3);
        Task<int> pending = handle.WriteAsync(new byte[1]).AsTask();
        Assert.False(pending.IsCompleted);
        bed.Device.Complete(DefBed.Up, 0, (CompletionCode)status);
        Assert.Equal(1, bed.Soon(pending));
    }

    [Fact]
    [UciClause(79, "One completion event retires all descriptors up to its own.")]
    public void UCI_079_OneEventRetiresThePacket()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage(new byte[3 * M]));
        bed.Pump();
        Assert.Equal(3, bed.Counters.OutstandingBuffers);
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up));
        bed.Pump();
        UciCounters counters = bed.Counters;
        Assert.Equal(0, counters.OutstandingBuffers);
        Assert.Equal((3, 3 * M), (counters.CompletedBuffers, counters.CompletedBytes));
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage(new byte[3 * M]));
    }

    [Theory]
    [InlineData(CompletionCode.EndOfTransfer, 0)]
    [InlineData(CompletionCode.UndefinedError, 2)]
    [UciClause(79, "One completion event retires all descriptors up to its own.")]
    public void UCI_079_OneEventRetiresThePacketsBeforeItsOwn(CompletionCode code, int failed)
    {
        using var bed = DefBed.Stepped(profile: TestProfile.Of(8));
        UciHandle handle = bed.Open();
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage(new byte[2 * M]));
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage([1]));
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage(new byte[2 * M]));
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage([2]));
        bed.Pump();
        bed.Device.Complete(DefBed.Up, 4, code);
        bed.Pump();

        // Only the packet that the event names can have failed, and what is behind it is still under way.
        UciCounters counters = bed.Counters;
        Assert.Equal((5 - failed, failed, 1), (counters.CompletedBuffers, counters.FailedBuffers, counters.OutstandingBuffers));
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up));
        bed.Pump();
        Assert.Equal((6 - failed, 0), (bed.Counters.CompletedBuffers, bed.Counters.OutstandingBuffers));
    }

    [Fact]
    [UciClause(79, "One completion event retires all descriptors up to its own.")]
    public void UCI_079_AGoodEndInsideAPacketTakesTheChannelDown()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage(new byte[3 * M]));
        bed.Pump();
        bed.Device.Complete(DefBed.Up, 1);
        bed.Until(() => handle.Poll() == (UciPollEvents.Error | UciPollEvents.HangUp));
        Assert.Equal(UciErrno.NotConnected, Assert.Throws<UciChannelDownException>(() => handle.Flush()).ErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(80, "A write means accepted; Flush ends when all data written before has completed.")]
    public void UCI_080_FlushWaitsForWhatWasWrittenBefore(bool isAsync)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Done(Flush(handle, isAsync));
        bed.Fill(handle, free: 1);
        Task flushing = Flush(handle, isAsync);
        bed.Until(() => flushing.IsCompleted || handle.Session.Watchers.Count == 1);
        Assert.Equal(1, handle.Write([9]));
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
        bed.Settle();
        Assert.False(flushing.IsCompleted);

        // What was written after the flush began is not waited for.
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
        bed.Done(flushing);
        Assert.Equal(1, bed.Counters.OutstandingBuffers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(80, "Flush raises EIO when data written before was reported as failed, and each handle is told once.")]
    public void UCI_080_FlushTellsOfFailedData(bool isAsync)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        UciHandle other = bed.Open();
        bed.Fill(handle);
        Task flushing = Flush(handle, isAsync);
        bed.Until(() => flushing.IsCompleted || bed.Counters.Waiters == 1);
        bed.Device.Complete(DefBed.Up, 0);
        bed.Device.Complete(DefBed.Up, 0, CompletionCode.UndefinedError);
        bed.Device.Complete(DefBed.Up, 0);
        Assert.Equal(UciErrno.InputOutput, bed.Failure<UciIOException>(flushing).ErrorCode);
        bed.Done(Flush(handle, isAsync));
        Assert.Equal(UciErrno.InputOutput, bed.Failure<UciIOException>(Flush(other, isAsync)).ErrorCode);
        bed.Done(Flush(bed.Open(), isAsync));
    }

    [Theory]
    [MemberData(nameof(Causes))]
    [UciClause(80, "Flush ends with an error when data written before is dropped, or when it is cancelled, timed out or closed under way.")]
    public void UCI_080_FlushTellsOfDroppedData(string name, bool isAsync)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(name, bed);
        UciHandle handle = bed.Open();
        _ = bed.Open();
        bed.Fill(handle);
        Task flushing = cause.Flush(handle, isAsync);
        bed.Until(() => flushing.IsCompleted || bed.Counters.Waiters == 1);
        cause.Happen();
        cause.AssertFailure(flushing);
        Assert.Equal(0, bed.Counters.Waiters);
    }

    public static TheoryData<string, bool> Causes => DefCause.AllWithForms;

    private static Task Flush(UciHandle handle, bool isAsync) =>
        isAsync ? handle.FlushAsync().AsTask() : Task.Run(() => handle.Flush());

    [Fact]
    [UciClause(80, "Flush raises EIO when data written before was reported as failed, and each handle is told once.")]
    public void UCI_080_FlushesAtOnceOfOneHandleTellEachFailureOnce()
    {
        const int Failures = 2000;
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        ulong told = 0;
        bool stops = false;
        Task[] flushing = [.. Enumerable.Range(0, 2).Select(each => OpenBed.OnThread(() =>
        {
            while (!Volatile.Read(ref stops))
            {
                _ = Interlocked.Add(ref told, handle.TakeFailures());
            }
        }))];
        for (int i = 0; i < Failures; i++)
        {
            Assert.Equal(1, handle.Write([1]));
            bed.Until(() => bed.Device.CompletePackets(DefBed.Up, 1, CompletionCode.UndefinedError) == 1);
        }

        bed.Until(() => bed.Counters.FailedBuffers == Failures);
        Volatile.Write(ref stops, true);
        Assert.All(flushing, task => bed.Done(task));
        Assert.Equal((ulong)Failures, told + handle.TakeFailures());
    }
}
