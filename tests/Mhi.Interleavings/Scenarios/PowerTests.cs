using Mhi.Controller;
using Mhi.Interleavings.Subjects;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>Suspend and resume, and the device that goes and comes back under a host that publishes.</summary>
[Trait("Category", "Slow")]
public class PowerTests : SearchTests
{
    public PowerTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected PowerTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_AsTheDeviceIsSuspended_ArrivesAfterTheResume(bool isAsync)
    {
        Explore(isAsync ? 1 : 2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(("writer", () => WriteAndFlush(bed, handle, isAsync)), ("suspender", () => TrySuspend(bed)));
            Assert.Equal([1, 2, 3, 4], Assert.Single(bed.Device.Received));
            bed.Close(handle);
            bed.Wait(bed.Controller.ResumeAsync(), "resume");
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_AsTheDeviceIsSuspendedAndSends_HasThePacket(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("reader", () => Assert.Equal(1, isAsync ? bed.Wait(handle.ReadAsync(new byte[4]), "read") : handle.Read(new byte[4]))),
                ("suspender", () => TrySuspend(bed)),
                ("sender", () => bed.Device.Send(7)));
            bed.Close(handle);
            bed.Wait(bed.Controller.ResumeAsync(), "resume");
        }));
    }

    [Fact]
    public void Open_AsTheDeviceIsSuspended_ResumesIt()
    {
        Explore(2, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? handle = null;
            bed.Execution.Race(("opener", () => handle = bed.Open()), ("suspender", () => TrySuspend(bed)));
            Assert.Equal(4, handle!.Write(new byte[4]));
            handle.Flush();
            bed.Close(handle);
            bed.Wait(bed.Controller.ResumeAsync(), "resume");
        }));
    }

    [Fact]
    public void Close_AsTheDeviceIsSuspended_StopsTheChannel()
    {
        Explore(2, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(("closer", () => bed.Close(handle)), ("suspender", () => TrySuspend(bed)));
            Assert.False(bed.Device.Runs);
            bed.Wait(bed.Controller.ResumeAsync(), "resume");
        }));
    }

    // However the host's own thread is late: the old node is dead at once, and in the end there is one new one that works.
    [Fact]
    public void Open_AsTheDeviceGoesAndReturns_OldNodesAreDeadAndTheNewOneWorks()
    {
        Explore(0, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? handle = null;
            bed.Execution.Race(("opener", () => handle = TryOpen(bed)), ("power", () => PowerCycle(bed)));
            bed.Execution.Settle();
            UciNode node = Assert.Single(bed.Nodes);
            Assert.True(node.Generation > bed.Node.Generation);
            if (handle is not null)
            {
                Assert.Equal(handle.Node == bed.Node, handle.Node.IsGone);
                if (handle.Node.IsGone)
                {
                    _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Write([1]));
                }

                bed.Close(handle);
            }

            UciHandle opened = bed.Wait(node.OpenAsync(), "open");
            Assert.Equal(4, opened.Write(new byte[4]));
            bed.Close(opened);
        }));
    }

    [Fact]
    public void Remove_AsTheDeviceGoesAndReturns_LeavesNoNode()
    {
        Explore(1, Bed.Scenario(new BedOptions(), static bed =>
        {
            bed.Execution.Race(("remover", bed.Remove), ("power", () => PowerCycle(bed)));
            bed.Execution.Settle();
            Assert.Empty(bed.Nodes);
        }), isCoarse: true);
    }

    [Fact]
    public void Read_AsTheDeviceGoes_EndsAndTheHandleCloses()
    {
        Explore(0, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("reader", () => Assert.Throws<UciDeviceRemovedException>(() => handle.Read(new byte[4]))),
                ("power", () => PowerCycle(bed)));
            bed.Close(handle);
            Assert.Equal(bed.Node.Generation + 1, Assert.Single(bed.Nodes).Generation);
        }));
    }

    private static void PowerCycle(Bed bed)
    {
        bed.Wait(bed.Controller.PowerDownAsync(), "power-down");
        bed.Wait(bed.Controller.PowerUpAsync(), "power-up");
    }

    private static void TrySuspend(Bed bed)
    {
        try
        {
            bed.Wait(bed.Controller.SuspendAsync(), "suspend");
        }
        catch (MhiException exception) when (exception.Code == MhiErrorCode.Busy)
        {
            // Refused: something is outstanding.
        }
    }

    private static UciHandle? TryOpen(Bed bed)
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

    private static void WriteAndFlush(Bed bed, UciHandle handle, bool isAsync)
    {
        Assert.Equal(4, handle.Write([1, 2, 3, 4]));
        if (isAsync)
        {
            bed.Wait(handle.FlushAsync(), "flush");
        }
        else
        {
            handle.Flush();
        }
    }
}
