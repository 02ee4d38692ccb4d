using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>What ends by time: time passes at every place, too early, too late and in the middle.</summary>
[Trait("Category", "Slow")]
public class TimeTests : SearchTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(10);
    private static readonly BedOptions s_two = new() { PoolDepth = 2 };

    public TimeTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected TimeTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(50, "A read that ends in any exception consumes nothing.")]
    public void UCI_050_ReadTimeOverAsAPacketArrives_HasItOrLeavesIt(bool isAsync)
    {
        HashSet<int> seen = [];
        Explore(isAsync ? 1 : 2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            int read = 0;
            bed.Execution.Race(("reader", () => read = Read(bed, handle, isAsync)), ("sender", () => bed.Device.Send(7)));
            Assert.Equal(0, bed.Node.Counters.Waiters);
            Assert.Equal(read == 0 ? UciStatus.Done : UciStatus.WouldBlock, handle.TryRead(new byte[4], out _));
            AssertReadsOn(bed, handle);
            bed.Close(handle);
            _ = seen.Add(read);
        }));
        Assert.Equal([0, 1], seen.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TimeOverWithAnotherBehindIt_TheOtherGetsThePacket(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            int first = 0;
            int second = 0;
            LogicalThread[] threads = bed.Execution.RaceToRest(
                ("first", () => first = Read(bed, handle, isAsync)),
                ("second", () => second = isAsync ? bed.Wait(handle.ReadAsync(new byte[4]), "read") : handle.Read(new byte[4])),
                ("sender", () => bed.Device.Send(7)));
            Assert.True(threads[0].IsDone);
            Assert.Equal(first == 0, threads[1].IsDone);
            if (!threads[1].IsDone)
            {
                bed.Device.Send(8);
                bed.Execution.Join(threads);
            }

            Assert.Equal(1, second);
            bed.Close(handle);
        }));
    }

    // An operation object is used again at once: what was meant for its first use must not hurt the next.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AgainAfterTheTimeIsOver_TheNextGetsThePacket(bool isAsync)
    {
        Explore(isAsync ? 2 : 3, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            int first = 0;
            int second = 0;
            bed.Execution.Race(("reader", ReadTwice), ("sender", SendTwice));
            Assert.Equal(1, second);
            Assert.Equal(first == 0 ? UciStatus.Done : UciStatus.WouldBlock, handle.TryRead(new byte[4], out _));
            Assert.Equal(0, bed.Node.Counters.Waiters);
            bed.Close(handle);

            void ReadTwice()
            {
                first = Read(bed, handle, isAsync);
                second = isAsync ? bed.Wait(handle.ReadAsync(new byte[4]), "read") : handle.Read(new byte[4]);
            }

            void SendTwice()
            {
                bed.Device.Send(7);
                bed.Device.Send(8);
            }
        }));
    }

    // The same between two kinds: a blocked operation's object serves a pending one next, and the other way round.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_ThenReadWithTheSameObject_NeitherDisturbsTheOther(bool isAsync)
    {
        Explore(isAsync ? 1 : 2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            UciPollEvents events = default;
            int read = 0;
            bed.Execution.Race(("client", PollAndRead), ("sender", () => bed.Device.Send(7)));
            Assert.True(events is UciPollEvents.None or UciPollEvents.In);
            Assert.Equal(1, read);
            Assert.Equal(0, bed.Node.Counters.Waiters);
            AssertReadsOn(bed, handle);
            bed.Close(handle);

            void PollAndRead()
            {
                events = isAsync ? bed.Wait(handle.PollAsync(UciPollEvents.In, s_soon), "poll") : handle.Poll(UciPollEvents.In, s_soon);
                read = isAsync ? handle.Read(new byte[4]) : bed.Wait(handle.ReadAsync(new byte[4]), "read");
            }
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_TimeOverAsRoomComes_QueuesWholePacketsOrNothing(bool isAsync)
    {
        HashSet<int> seen = [];
        Explore(1, Bed.Scenario(s_two with { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(4, handle.Write(new byte[4]));
            int written = 0;
            bed.Execution.Race(("writer", () => written = Write(bed, handle, 12, isAsync)), ("device", bed.Device.LetGo));
            _ = seen.Add(written);
            bed.Execution.Settle();
            Assert.Equal(written + 4, bed.Node.Counters.CompletedBytes);
            Assert.Equal(4, handle.Write([9, 9, 9, 9]));
            bed.Close(handle);
        }));
        Assert.Equal([0, 8, 12], seen.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_TimeOverWhileQueued_LeavesTheOneInFrontAlone(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(s_two with { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(8, handle.Write(new byte[8]));
            int queued = 0;
            bed.Execution.Race(
                ("front", () => Assert.Equal(8, isAsync ? bed.Wait(handle.WriteAsync(new byte[8]), "write") : handle.Write(new byte[8]))),
                ("queued", () => queued = Write(bed, handle, 8, isAsync)),
                ("device", bed.Device.LetGo));
            bed.Execution.Settle();
            Assert.Equal(16 + queued, bed.Node.Counters.CompletedBytes);
            Assert.Equal(0, bed.Node.Counters.Waiters);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flush_TimeOverAsTheDeviceCompletes_EndsOneWay(bool isAsync)
    {
        Explore(isAsync ? 1 : 2, Bed.Scenario(new BedOptions { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(4, handle.Write(new byte[4]));
            bed.Execution.Race(("flusher", () => Flush(bed, handle, isAsync)), ("device", bed.Device.LetGo));
            Assert.Equal(0, bed.Node.Counters.Waiters);
            handle.Flush();
            bed.Close(handle);
        }));
    }

    [Fact]
    public void Open_TimeOverWhileTheChannelStarts_IsTakenBackOrWorks()
    {
        HashSet<bool> seen = [];
        Explore(3, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle? handle = null;
            bed.Execution.Race(("opener", () => handle = TryOpen(bed, s_soon)));
            _ = seen.Add(handle is not null);
            Assert.Equal(handle is not null, bed.Device.Runs);
            AssertOpens(bed);
            if (handle is not null)
            {
                bed.Close(handle);
            }
        }));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void Open_TimeOverWhileAnotherWaitsForIt_TheOtherWorks()
    {
        Explore(1, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? handle = null;
            UciHandle? other = null;
            bed.Execution.Race(("opener", () => handle = TryOpen(bed, s_soon)), ("other", () => other = bed.Open()));
            Assert.True(bed.Device.Runs);
            Assert.Equal(4, other!.Write(new byte[4]));
            bed.Close(other);
            if (handle is not null)
            {
                bed.Close(handle);
            }
        }));
    }

    // The device answers a START in time, or its answer comes when it is not waited for any more.
    [Fact]
    public void Open_StartTimesOut_FailsOrWorksAndTheNextWorks()
    {
        Explore(1, Bed.Scenario(new BedOptions { CommandTimeout = s_soon }, static bed =>
        {
            UciHandle? handle = null;
            UciHandle? other = null;
            bed.Execution.Race(("first", () => handle = TryOpen(bed, Timeout.InfiniteTimeSpan)), ("second", () => other = TryOpen(bed, Timeout.InfiniteTimeSpan)));
            foreach (UciHandle? opened in new[] { handle, other })
            {
                if (opened is not null)
                {
                    Assert.Equal(4, opened.Write(new byte[4]));
                    bed.Close(opened);
                }
            }

            AssertOpens(bed);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Close_LingerOverAsTheDeviceCompletes_EverythingIsCountedOnce(bool isHeld)
    {
        HashSet<long> seen = [];
        Explore(3, Bed.Scenario(new BedOptions { Holds = true, Linger = s_soon }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(8, handle.Write(new byte[8]));
            bed.Execution.Race(("closer", () => bed.Close(handle)), ("device", () => LetGoUnless(bed, isHeld)));
            UciCounters counters = bed.Node.Counters;
            Assert.Equal(8, counters.QueuedBytes);
            Assert.Equal(8, counters.CompletedBytes + counters.DroppedBytes);
            Assert.Equal(0, counters.OutstandingBytes);
            _ = seen.Add(counters.DroppedBytes);
            AssertOpens(bed);
        }));
        Assert.Equal(isHeld ? [8] : [0, 8], seen.Order());
    }

    [Fact]
    public void Close_LingerWhileAnotherOpens_TheOpenedHandleWorks()
    {
        Explore(1, Bed.Scenario(new BedOptions { Holds = true, Linger = s_soon }, static bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(8, handle.Write(new byte[8]));
            UciHandle? opened = null;
            bed.Execution.Race(("closer", () => bed.Close(handle)), ("opener", () => opened = TryOpen(bed, Timeout.InfiniteTimeSpan)));
            bed.Device.LetGo();
            if (opened is not null)
            {
                Assert.Equal(4, opened.Write(new byte[4]));
                bed.Close(opened);
            }
        }));
    }

    [Fact]
    public void Close_LingerWhileTheDeviceLeaves_EndsAndCountsWhatIsLost()
    {
        Explore(1, Bed.Scenario(new BedOptions { Holds = true, Linger = s_soon }, static bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(8, handle.Write(new byte[8]));
            bed.Execution.Race(("closer", () => bed.Close(handle)), ("remover", bed.Remove));
            Assert.Equal(8, bed.Node.Counters.DroppedBytes);
        }));
    }

    private static void LetGoUnless(Bed bed, bool isHeld)
    {
        if (!isHeld)
        {
            bed.Device.LetGo();
        }
    }

    /// <summary>How much was read in the time given; 0 when it was over.</summary>
    private static int Read(Bed bed, UciHandle handle, bool isAsync)
    {
        byte[] buffer = new byte[4];
        try
        {
            return isAsync ? bed.Wait(handle.ReadAsync(buffer, s_soon), "read") : handle.Read(buffer, s_soon);
        }
        catch (UciTimeoutException)
        {
            Assert.All(buffer, static each => Assert.Equal(0, each));
            return 0;
        }
    }

    private static int Write(Bed bed, UciHandle handle, int length, bool isAsync)
    {
        try
        {
            return isAsync ? bed.Wait(handle.WriteAsync(new byte[length], s_soon), "write") : handle.Write(new byte[length], s_soon);
        }
        catch (UciTimeoutException)
        {
            return 0;
        }
    }

    private static void Flush(Bed bed, UciHandle handle, bool isAsync)
    {
        try
        {
            if (isAsync)
            {
                bed.Wait(handle.FlushAsync(s_soon), "flush");
            }
            else
            {
                handle.Flush(s_soon);
            }
        }
        catch (UciTimeoutException)
        {
            // One of two outcomes.
        }
    }

    private static UciHandle? TryOpen(Bed bed, TimeSpan timeout)
    {
        try
        {
            return bed.Wait(bed.Node.OpenAsync(new UciOpenOptions { Timeout = timeout }), "open");
        }
        catch (Exception exception) when (exception is UciTimeoutException or UciIOException { ErrorCode: (int)UciErrno.InputOutput })
        {
            return null;
        }
    }

    private static void AssertOpens(Bed bed)
    {
        UciHandle handle = bed.Open();
        Assert.Equal(4, handle.Write(new byte[4]));
        AssertReadsOn(bed, handle);
        bed.Close(handle);
    }

    private static void AssertReadsOn(Bed bed, UciHandle handle)
    {
        bed.Device.Send(9);
        byte[] buffer = new byte[4];
        Assert.Equal(1, handle.Read(buffer));
        Assert.Equal(9, buffer[0]);
    }
}
