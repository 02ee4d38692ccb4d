using System;
using System.Threading;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>Poll, flush and the next change.</summary>
[Trait("Category", "Slow")]
public class WaitTests : SearchTests
{
    public WaitTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected WaitTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_AsAPacketArrives_SaysSo(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            UciPollEvents events = default;
            bed.Execution.Race(
                ("poller", () => events = Poll(bed, handle, UciPollEvents.In, isAsync)),
                ("sender", () => bed.Device.Send(1)));
            Assert.Equal(UciPollEvents.In, events);
            bed.Close(handle);
        }));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_TwoAndAReaderAndOnePacket_NobodySleepsOnAReadyHandle(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            LogicalThread[] threads = bed.Execution.RaceToRest(
                ("first", () => _ = Poll(bed, handle, UciPollEvents.In, isAsync)),
                ("second", () => _ = Poll(bed, handle, UciPollEvents.In, isAsync)),
                ("reader", () => Assert.Equal(1, handle.Read(new byte[1]))),
                ("sender", () => bed.Device.Send(1, 2)));

            // Half of the packet is unread, so both must have seen it.
            Assert.True(Array.TrueForAll(threads, static thread => thread.IsDone));
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_AsRoomComes_SaysSo(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions { PoolDepth = 2, Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(8, handle.Write(new byte[8]));
            UciPollEvents events = default;
            bed.Execution.Race(
                ("poller", () => events = Poll(bed, handle, UciPollEvents.Out, isAsync)),
                ("device", bed.Device.LetGo));
            Assert.Equal(UciPollEvents.Out, events);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(91, "A poll that waits returns soon after the device is removed; no wake-up is lost.")]
    public void UCI_091_Poll_WhileTheDeviceLeaves_SaysSo(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            UciPollEvents events = default;
            bed.Execution.Race(("poller", () => events = Poll(bed, handle, UciPollEvents.In, isAsync)), ("remover", bed.Remove));
            Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, events);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(91, "A poll that waits returns soon after the channel is reset; no wake-up is lost.")]
    public void UCI_091_Poll_WhileTheChannelIsReset_SaysSo(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            UciPollEvents events = default;
            bed.Execution.Race(("poller", () => events = Poll(bed, handle, UciPollEvents.In, isAsync)), ("device", bed.Device.Break));
            Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, events);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_HandleClosedMeanwhile_SaysSo(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("poller", () => Assert.Throws<UciHandleClosedException>(() => Poll(bed, handle, UciPollEvents.In, isAsync))),
                ("closer", () => bed.Close(handle)));
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_CanceledAsAPacketArrives_LeavesNoWaiter(bool isAsync)
    {
        Explore(2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            using var source = new CancellationTokenSource();
            UciPollEvents events = default;
            bed.Execution.Race(
                ("poller", () => events = Poll(bed, handle, UciPollEvents.In, isAsync, source.Token)),
                ("canceler", () => bed.Execution.Cancel(source)),
                ("sender", () => bed.Device.Send(1)));
            Assert.True(events is UciPollEvents.None or UciPollEvents.In);
            Assert.Equal(0, bed.Node.Counters.Waiters);
            Assert.Equal(1, handle.Read(new byte[4]));
            bed.Close(handle);
        }));
    }

    [Fact]
    public void NextChange_BeforeAPacket_IsNotMissed()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(("watcher", () => WaitForData(bed, handle)), ("sender", () => bed.Device.Send(1)));
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flush_AsTheDeviceCompletes_Ends(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(("writer", () => WriteAndFlush(bed, handle, isAsync)), ("device", bed.Device.LetGo));
            Assert.Equal(0, bed.Node.Counters.OutstandingBuffers);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flush_TwoUpToDifferentPlaces_BothEnd(bool isAsync)
    {
        Explore(1, Bed.Scenario(new BedOptions { Holds = true }, bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            bed.Execution.Race(
                ("first", () => WriteAndFlush(bed, first, isAsync)),
                ("second", () => WriteAndFlush(bed, second, isAsync)),
                ("device", bed.Device.LetGo));
            bed.Close(first);
            bed.Close(second);
        }));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Flush_WhileTheDeviceLeaves_Fails(bool isAsync)
    {
        Explore(3, Bed.Scenario(new BedOptions { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("writer", () => Assert.Throws<UciDeviceRemovedException>(() => WriteAndFlush(bed, handle, isAsync))),
                ("remover", bed.Remove));
            bed.Close(handle);
        }));
    }

    private static void WaitForData(Bed bed, UciHandle handle)
    {
        while (true)
        {
            System.Threading.Tasks.ValueTask<UciPollEvents> change = handle.NextChangeAsync(UciPollEvents.In);
            bool isReady = (handle.Poll() & UciPollEvents.In) != 0;
            if (isReady)
            {
                // The wait is ended by another packet.
                bed.Device.Send(2);
            }

            _ = bed.Wait(change, "change");
            if (isReady)
            {
                return;
            }
        }
    }

    private static void WriteAndFlush(Bed bed, UciHandle handle, bool isAsync)
    {
        Assert.Equal(4, handle.Write(new byte[4]));
        if (isAsync)
        {
            bed.Wait(handle.FlushAsync(), "flush");
        }
        else
        {
            handle.Flush();
        }
    }

    private static UciPollEvents Poll(Bed bed, UciHandle handle, UciPollEvents wanted, bool isAsync, CancellationToken token = default)
    {
        try
        {
            return isAsync ? bed.Wait(handle.PollAsync(wanted, null, token), "poll") : handle.Poll(wanted, null, token);
        }
        catch (UciCanceledException)
        {
            return UciPollEvents.None;
        }
    }
}
