using System;
using System.Threading;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

public class OpenCloseTests : SearchTests
{
    public OpenCloseTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected OpenCloseTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Fact]
    public void Open_TwoAtOnce_OneStartsAndBothWork()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? first = null;
            UciHandle? second = null;
            bed.Execution.Race(("first", () => first = bed.Open()), ("second", () => second = bed.Open()));
            Assert.Equal(1, bed.Device.Starts);
            Assert.Equal(2, bed.Node.Counters.OpenHandles);
            AssertWorks(bed, first!);
            AssertWorks(bed, second!);
            bed.Close(first!);
            bed.Close(second!);
        }));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_StartFailsWhileAnotherWaits_TheOtherTriesForItself(int refusals)
    {
        Explore(2, Bed.Scenario(new BedOptions { RefusedStarts = refusals }, bed =>
        {
            UciHandle? first = null;
            UciHandle? second = null;
            bed.Execution.Race(("first", () => first = TryOpen(bed)), ("second", () => second = TryOpen(bed)));
            Assert.Equal(2 - refusals, bed.Node.Counters.OpenHandles);
            foreach (UciHandle? handle in new[] { first, second })
            {
                if (handle is not null)
                {
                    AssertWorks(bed, handle);
                    bed.Close(handle);
                }
            }

            // What has failed spoils nothing.
            UciHandle third = bed.Open();
            AssertWorks(bed, third);
            bed.Close(third);
        }));
    }

    [Fact]
    public void Close_TwoAtOnce_TheChannelStopsOnce()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            bed.Execution.Race(("first", () => bed.Close(first)), ("second", () => bed.Close(second)));
            Assert.Equal(1, bed.Device.Stops);
            Assert.False(bed.Device.Runs);
            UciHandle third = bed.Open();
            AssertWorks(bed, third);
            bed.Close(third);
        }));
    }

    [Fact]
    public void Close_TheSameHandleTwiceAtOnce_ClosesOnce()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle handle = bed.Open();
            UciHandle other = bed.Open();
            bed.Execution.Race(("first", () => bed.Close(handle)), ("second", () => bed.Close(handle)));
            Assert.Equal(1, bed.Node.Counters.OpenHandles);
            AssertWorks(bed, other);
            bed.Close(other);
        }));
    }

    [Fact]
    public void Close_TheOnlyHandleTwiceAtOnce_BothEndWhenTheChannelHasStopped()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(("first", CloseAndLook), ("second", CloseAndLook));

            void CloseAndLook()
            {
                bed.Close(handle);
                Assert.False(bed.Device.Runs);
            }
        }));
    }

    [Fact]
    public void Close_LastWhileAnotherOpens_TheOpenedHandleWorks()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle last = bed.Open();
            UciHandle? opened = null;
            bed.Execution.Race(("closer", () => bed.Close(last)), ("opener", () => opened = bed.Open()));
            Assert.True(bed.Device.Runs);
            Assert.Equal(bed.Device.Stops + 1, bed.Device.Starts);
            AssertWorks(bed, opened!);
            bed.Close(opened!);
        }));
    }

    [Fact]
    public void Close_TwoLastWhileAnotherOpensAndCloses_NothingIsLeft()
    {
        Explore(1, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            bed.Execution.Race(
                ("first closer", () => bed.Close(first)),
                ("second closer", () => bed.Close(second)),
                ("opener", () => OpenWriteClose(bed)));
            Assert.Equal(0, bed.Node.Counters.OpenHandles);
            Assert.False(bed.Device.Runs);
        }));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Open_WhileTheDeviceLeaves_SaysSoAtOnceOrOnFirstUse()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? handle = null;
            bed.Execution.Race(("opener", () => handle = TryOpenGoing(bed)), ("remover", bed.Remove));
            if (handle is not null)
            {
                _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Write([1]));
                _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Read(new byte[1]));
                bed.Close(handle);
            }

            Assert.False(bed.Device.Runs);
        }));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Open_TwoWhileTheDeviceLeaves_NobodyWaitsForEver()
    {
        Explore(1, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? first = null;
            UciHandle? second = null;
            bed.Execution.Race(
                ("first", () => first = TryOpenGoing(bed)), ("second", () => second = TryOpenGoing(bed)), ("remover", bed.Remove));
            foreach (UciHandle? handle in new[] { first, second })
            {
                if (handle is not null)
                {
                    _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Write([1]));
                    bed.Close(handle);
                }
            }

            Assert.False(bed.Device.Runs);
        }), isCoarse: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(105, "Removal marks the device gone, withdraws name and minor number, resets the channels and wakes everybody; who waited sees ENODEV.")]
    public void UCI_105_WhileTheDeviceLeaves_GoneThenWithdrawnThenResetThenWoken(bool isAsync)
    {
        Explore(2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            LogicalThread[] reader = bed.Execution.RaceToRest(("reader", () => ReadAndSettle(bed, handle, isAsync)));
            Assert.False(reader[0].IsDone);
            bed.Execution.Race(
                ("remover", bed.Remove),
                ("looker", () => Assert.True(bed.Nodes.Count != 0 || bed.Node.IsGone, "A node is withdrawn and not yet gone.")));
            bed.Execution.Join(reader);
            bed.Close(handle);
        }));
    }

    [Fact]
    public void Close_LastWhileTheDeviceLeaves_TheChannelStopsOnce()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(("closer", () => bed.Close(handle)), ("remover", bed.Remove));
            Assert.Equal(1, bed.Device.Stops);
        }));
    }

    [Fact]
    public void Open_CanceledWhileTheChannelStarts_IsTakenBackOrWorks()
    {
        Explore(3, Bed.Scenario(new BedOptions(), static bed =>
        {
            using var source = new CancellationTokenSource();
            UciHandle? handle = null;
            bed.Execution.Race(("opener", () => handle = TryOpen(bed, source.Token)), ("canceler", () => bed.Execution.Cancel(source)));
            Assert.Equal(handle is null ? 0 : 1, bed.Node.Counters.OpenHandles);
            Assert.Equal(handle is not null, bed.Device.Runs);
            UciHandle other = bed.Open();
            AssertWorks(bed, other);
            bed.Close(other);
            if (handle is not null)
            {
                bed.Close(handle);
            }
        }));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Open_CanceledWhileAnotherWaitsForIt_TheOtherWorks()
    {
        Explore(1, Bed.Scenario(new BedOptions(), static bed =>
        {
            using var source = new CancellationTokenSource();
            UciHandle? handle = null;
            UciHandle? other = null;
            bed.Execution.Race(
                ("opener", () => handle = TryOpen(bed, source.Token)),
                ("other", () => other = bed.Open()),
                ("canceler", () => bed.Execution.Cancel(source)));
            Assert.True(bed.Device.Runs);
            AssertWorks(bed, other!);
            bed.Close(other!);
            if (handle is not null)
            {
                bed.Close(handle);
            }
        }));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Open_CanceledAsItComesToStart_SpoilsNothing()
    {
        Explore(1, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle last = bed.Open();
            using var source = new CancellationTokenSource();
            UciHandle? opened = null;
            bed.Execution.Race(
                ("closer", () => bed.Close(last)),
                ("opener", () => opened = TryOpen(bed, source.Token)),
                ("canceler", () => bed.Execution.Cancel(source)));
            Assert.Equal(opened is not null, bed.Device.Runs);
            UciHandle next = bed.Open();
            AssertWorks(bed, next);
            bed.Close(next);
            if (opened is not null)
            {
                bed.Close(opened);
            }
        }));
    }

    private static UciHandle? TryOpen(Bed bed, CancellationToken token = default)
    {
        try
        {
            return bed.Open(token);
        }
        catch (Exception exception) when (exception is UciCanceledException or UciIOException { ErrorCode: (int)UciErrno.InputOutput })
        {
            return null;
        }
    }

    // Woken by the removal, and then whatever the core was asked to do before is done: the reset must be among it. The first
    // request comes after all of that, the second after the device's next step.
    private static void ReadAndSettle(Bed bed, UciHandle handle, bool isAsync)
    {
        _ = Assert.Throws<UciDeviceRemovedException>(() => isAsync ? bed.Wait(handle.ReadAsync(new byte[4]), "read") : handle.Read(new byte[4]));
        Assert.Empty(bed.Nodes);
        bed.Wait(bed.Controller.ResumeAsync(), "what was asked for before");
        bed.Wait(bed.Controller.ResumeAsync(), "the device's step");
        Assert.Equal(1, bed.Device.DownlinkResets);
    }

    private static UciHandle? TryOpenGoing(Bed bed)
    {
        try
        {
            return bed.Open();
        }
        catch (UciNodeNotFoundException)
        {
            return null;
        }
    }

    private static void OpenWriteClose(Bed bed)
    {
        UciHandle handle = bed.Open();
        Assert.Equal(1, handle.Write([1]));
        bed.Close(handle);
    }

    private static void AssertWorks(Bed bed, UciHandle handle)
    {
        int before = bed.Device.Received.Count;
        Assert.Equal(1, handle.Write([7]));
        bed.Execution.Settle();
        Assert.Equal(before + 1, bed.Device.Received.Count);
        bed.Device.Send(8, 9);
        byte[] buffer = new byte[4];
        Assert.Equal(2, handle.Read(buffer));
        Assert.Equal(8, buffer[0]);
    }
}
