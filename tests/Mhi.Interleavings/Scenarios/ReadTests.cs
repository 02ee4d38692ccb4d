using System;
using System.Threading;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

[Trait("Category", "Slow")]
public class ReadTests : SearchTests
{
    public ReadTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected ReadTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TwoAndOnePacket_OneGetsItAndTheOtherTheNext(bool isAsync)
    {
        Explore(1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            byte[] ofFirst = [];
            byte[] ofSecond = [];
            LogicalThread[] threads = bed.Execution.RaceToRest(
                ("first", () => ofFirst = Read(bed, first, 4, isAsync)),
                ("second", () => ofSecond = Read(bed, second, 4, isAsync)),
                ("sender", () => bed.Device.Send(1, 1)));
            Assert.NotEqual(threads[0].IsDone, threads[1].IsDone);
            Assert.Equal(1, bed.Node.Counters.Waiters);
            bed.Device.Send(2, 2);
            bed.Execution.Join(threads);
            Assert.Equal([1, 1, 2, 2], ofFirst[0] == 1 ? [.. ofFirst, .. ofSecond] : (byte[])[.. ofSecond, .. ofFirst]);
            CloseBoth(bed, first, second);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TwoReadHalfAPacketEach_NeitherSleepsOn(bool isAsync)
    {
        Explore(1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            byte[] ofFirst = [];
            byte[] ofSecond = [];
            bed.Execution.Race(
                ("first", () => ofFirst = Read(bed, first, 2, isAsync)),
                ("second", () => ofSecond = Read(bed, second, 2, isAsync)),
                ("sender", () => bed.Device.Send(1, 2, 3, 4)));
            Assert.Equal([1, 2, 3, 4], ofFirst[0] == 1 ? [.. ofFirst, .. ofSecond] : (byte[])[.. ofSecond, .. ofFirst]);
            CloseBoth(bed, first, second);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(50, "A read that ends in any exception consumes nothing.")]
    public void UCI_050_ReadCanceledAsAPacketArrives_HasItOrLeavesIt(bool isAsync)
    {
        Explore(2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            using var source = new CancellationTokenSource();
            byte[] read = [];
            bed.Execution.Race(
                ("reader", () => read = Read(bed, handle, 4, isAsync, source.Token)),
                ("canceler", () => bed.Execution.Cancel(source)),
                ("sender", () => bed.Device.Send(1, 2)));
            AssertConserved(handle, read);
            AssertReadsOn(bed, handle);
            bed.Close(handle);
        }));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_CanceledWithAnotherBehindIt_TheOtherGetsWhatIsLeft(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            using var source = new CancellationTokenSource();
            byte[] ofFirst = [];
            byte[] ofSecond = [];
            LogicalThread[] threads = bed.Execution.RaceToRest(
                ("canceled", () => ofFirst = Read(bed, first, 4, isAsync, source.Token)),
                ("behind", () => ofSecond = Read(bed, second, 4, isAsync)),
                ("canceler", () => bed.Execution.Cancel(source)),
                ("sender", () => bed.Device.Send(1, 2)));
            Assert.True(threads[0].IsDone);
            Assert.Equal(ofFirst.Length == 0, threads[1].IsDone);
            if (!threads[1].IsDone)
            {
                bed.Device.Send(1, 2);
                bed.Execution.Join(threads);
            }

            Assert.Equal([1, 2], ofSecond);
            CloseBoth(bed, first, second);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(50, "A read that ends in any exception consumes nothing.")]
    public void UCI_050_ReadClosedAsAPacketArrives_HasItOrLeavesItToTheOther(bool isAsync)
    {
        Explore(2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle closing = bed.Open();
            UciHandle other = bed.Open();
            byte[] read = [];
            bed.Execution.Race(
                ("reader", () => read = Read(bed, closing, 4, isAsync)),
                ("closer", () => bed.Close(closing)),
                ("sender", () => bed.Device.Send(1, 2)));
            AssertConserved(other, read);
            AssertReadsOn(bed, other);
            bed.Close(other);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_LastHandleClosedAsAPacketArrives_Ends(bool isAsync)
    {
        Explore(1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            byte[] read = [];
            bed.Execution.Race(
                ("reader", () => read = Read(bed, handle, 4, isAsync)),
                ("closer", () => bed.Close(handle)),
                ("sender", () => bed.Device.Send(1, 2)));
            Assert.True(read is [] or [1, 2]);
        }));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_WhileTheDeviceLeaves_HasThePacketOrLeavesIt(bool isAsync)
    {
        Explore(2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            bed.Device.Send(1, 2);
            bed.Execution.Settle();
            byte[] first = [];
            byte[] second = [];
            bed.Execution.Race(
                ("first", () => first = Read(bed, handle, 4, isAsync)),
                ("second", () => second = Read(bed, handle, 4, isAsync)),
                ("remover", bed.Remove));

            // What had arrived is read, whatever comes first; the other reader learns that nothing more will come.
            Assert.Equal([1, 2], (byte[])[.. first, .. second]);
            bed.Close(handle);
        }));
    }

    [Fact]
    public void TryRead_BesideAWaitingReader_TakesOnlyWhatIsThere()
    {
        Explore(2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            byte[] waiting = [];
            byte[] trying = [];
            LogicalThread[] threads = bed.Execution.RaceToRest(
                ("waiting", () => waiting = Read(bed, handle, 4, isAsync: false)),
                ("trying", () => trying = TryRead(handle)),
                ("sender", () => bed.Device.Send(1, 2)));
            Assert.True(threads[1].IsDone);
            Assert.Equal(trying.Length == 0, threads[0].IsDone);
            bed.Device.Send(3);
            bed.Execution.Join(threads);
            Assert.Equal(trying.Length == 0 ? [1, 2] : [3], waiting);
            bed.Close(handle);
        }));
    }

    /// <summary>What was read; nothing when something that may end it did.</summary>
    private static byte[] Read(Bed bed, UciHandle handle, int length, bool isAsync, CancellationToken token = default)
    {
        byte[] buffer = new byte[length];
        try
        {
            return buffer[..(isAsync ? bed.Wait(handle.ReadAsync(buffer, token), "read") : handle.Read(buffer, null, token))];
        }
        catch (Exception exception) when (exception is UciCanceledException or UciHandleClosedException or UciDeviceRemovedException)
        {
            Assert.All(buffer, static each => Assert.Equal(0, each));
            return [];
        }
    }

    private static byte[] TryRead(UciHandle handle)
    {
        byte[] buffer = new byte[4];
        return handle.TryRead(buffer, out int count) == UciStatus.Done ? buffer[..count] : [];
    }

    private static void AssertConserved(UciHandle handle, byte[] read)
    {
        byte[] rest = new byte[4];
        UciStatus status = handle.TryRead(rest, out int count);
        Assert.Equal(read.Length == 0 ? UciStatus.Done : UciStatus.WouldBlock, status);
        Assert.Equal([1, 2], (byte[])[.. read, .. rest[..count]]);
    }

    // Whoever comes next gets the turn, and the next packet: nothing is lost, nobody holds what he has no use for.
    private static void AssertReadsOn(Bed bed, UciHandle handle)
    {
        byte[] buffer = new byte[4];
        bed.Device.Send(9);
        Assert.Equal(1, handle.Read(buffer));
        Assert.Equal(9, buffer[0]);
    }

    private static void CloseBoth(Bed bed, UciHandle first, UciHandle second)
    {
        AssertReadsOn(bed, first);
        bed.Close(first);
        bed.Close(second);
    }
}
