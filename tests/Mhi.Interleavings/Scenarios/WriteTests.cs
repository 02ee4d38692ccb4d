using System;
using System.Linq;
using System.Threading;
using Mhi.Channels;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

[Trait("Category", "Slow")]
public class WriteTests : SearchTests
{
    // Two descriptors at a time, so that a message of three goes out as packets of two and one.
    private static readonly BedOptions s_two = new() { PoolDepth = 2 };

    public WriteTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected WriteTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Theory]
    [InlineData(false, WritePolicy.WholeMessage)]
    [InlineData(true, WritePolicy.WholeMessage)]
    [InlineData(false, WritePolicy.Eager)]
    [InlineData(true, WritePolicy.Eager)]
    public void Write_TwoOfSeveralDescriptors_EachStaysTogetherAndWhole(bool isAsync, WritePolicy policy)
    {
        Explore(1, Bed.Scenario(s_two with { WritePolicy = policy }, bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            bed.Execution.Race(
                ("first", () => Assert.Equal(12, Write(bed, first, 1, 12, isAsync))),
                ("second", () => Assert.Equal(12, Write(bed, second, 2, 12, isAsync))));
            AssertTogether(bed, 12, 12);
            bed.Close(first);
            bed.Close(second);
        }));
    }

    [Theory]
    [InlineData(false, WritePolicy.WholeMessage)]
    [InlineData(true, WritePolicy.WholeMessage)]
    [InlineData(false, WritePolicy.Eager)]
    [InlineData(true, WritePolicy.Eager)]
    [UciClause(61, "Whatever the policy, the last descriptor queued before a writer waits, fails or returns ends a packet.")]
    public void UCI_061_Write_DeviceStalls_TheTailEndsAPacketAndAllIsCompletedOnceItGoesOn(bool isAsync, WritePolicy policy)
    {
        // One place is free: a writer takes it alone or waits for more, by its policy, and the other stands behind him.
        Explore(isAsync ? 0 : 1, Bed.Scenario(s_two with { WritePolicy = policy, Holds = true }, bed =>
        {
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            Assert.Equal(4, first.Write(new byte[4]));
            LogicalThread[] writers = bed.Execution.RaceToRest(
                ("first", () => Assert.Equal(12, Write(bed, first, 1, 12, isAsync))),
                ("second", () => Assert.Equal(8, Write(bed, second, 2, 8, isAsync))));
            Assert.True(Array.TrueForAll(writers, static writer => !writer.IsDone));
            Assert.True(bed.Device.TailEndsAPacket);
            bed.Device.LetGo();
            bed.Execution.Join(writers);
            Assert.True(bed.Device.TailEndsAPacket);
            AssertTogether(bed, 12, 8);
            Assert.Equal(0, bed.Node.Counters.OutstandingBuffers);
            bed.Close(first);
            bed.Close(second);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_TwoWithOneBuffer_BothArrive(bool isAsync)
    {
        Explore(1, Bed.Scenario(new BedOptions { Elements = 2 }, bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("first", () => Assert.Equal(4, Write(bed, handle, 1, 4, isAsync))),
                ("second", () => Assert.Equal(8, Write(bed, handle, 2, 8, isAsync))));
            AssertTogether(bed, 4, 8);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_CanceledWhileQueued_LeavesTheOneInFrontAlone(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(s_two with { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(8, handle.Write(new byte[8]));
            LogicalThread[] front = bed.Execution.RaceToRest(("front", () => Assert.Equal(8, Write(bed, handle, 1, 8, isAsync))));
            using var source = new CancellationTokenSource();
            int written = 0;
            bed.Execution.Race(
                ("queued", () => written = Write(bed, handle, 2, 8, isAsync, source.Token)),
                ("canceler", () => bed.Execution.Cancel(source)),
                ("device", bed.Device.LetGo));
            bed.Execution.Join(front);
            AssertTogether(bed, 8, written);
            AssertWritesOn(handle);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(84, "Room and a cancellation at once have one outcome: the data queued and its count, or an exception and nothing queued.")]
    public void UCI_084_Write_CanceledAsRoomComes_QueuesWholePacketsOrNothing(bool isAsync)
    {
        Explore(1, Bed.Scenario(s_two with { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(4, handle.Write(new byte[4]));
            using var source = new CancellationTokenSource();
            int written = 0;
            bed.Execution.Race(
                ("writer", () => written = Write(bed, handle, 1, 12, isAsync, source.Token)),
                ("canceler", () => bed.Execution.Cancel(source)),
                ("device", bed.Device.LetGo));
            Assert.True(written is 0 or 8 or 12);
            AssertTogether(bed, written);
            AssertWritesOn(handle);
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_WhileTheDeviceLeaves_SaysWhatWasQueued(bool isAsync)
    {
        Explore(1, Bed.Scenario(s_two with { Holds = true }, bed =>
        {
            UciHandle handle = bed.Open();
            int first = 0;
            int second = 0;
            bed.Execution.Race(
                ("first", () => first = Write(bed, handle, 1, 12, isAsync)),
                ("second", () => second = Write(bed, handle, 2, 12, isAsync)),
                ("remover", bed.Remove));
            Assert.True((first, second) is (0, 0) or (8, 0) or (0, 8));
            Assert.Equal(first + second, bed.Node.Counters.QueuedBytes);
            Assert.Equal(first + second, bed.Node.Counters.DroppedBytes);
            _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Write([1]));
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_HandleClosedWhileItWaits_EndsAndLeavesTheOtherItsTurn(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(s_two with { Holds = true }, bed =>
        {
            UciHandle closing = bed.Open();
            UciHandle other = bed.Open();
            Assert.Equal(8, other.Write(new byte[8]));
            int written = 0;
            bed.Execution.Race(
                ("writer", () => written = Write(bed, closing, 1, 8, isAsync)),
                ("other", () => Assert.Equal(8, Write(bed, other, 2, 8, isAsync))),
                ("closer", () => CloseAndLetGo(bed, closing)));
            AssertTogether(bed, written, 8);
            AssertWritesOn(other);
            bed.Close(other);
        }));
    }

    [Fact]
    public void Write_AsTheLastHandleIsClosed_ArrivesOrEnds()
    {
        Explore(2, Bed.Scenario(s_two, static bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("writer", () => _ = Write(bed, handle, 1, 12, isAsync: false)),
                ("closer", () => bed.Close(handle)));
            Assert.All(bed.Device.Received, static packet => Assert.True(packet.Length is 4 or 8));
        }));
    }

    [Fact]
    public void TrySend_BesideAWaitingWriter_QueuesWholePacketsOrNothing()
    {
        Explore(1, Bed.Scenario(s_two with { Holds = true }, static bed =>
        {
            UciHandle handle = bed.Open();
            Assert.Equal(4, handle.Write(new byte[4]));
            int tried = 0;
            bed.Execution.Race(
                ("writer", () => Assert.Equal(8, Write(bed, handle, 1, 8, isAsync: false))),
                ("trying", () => tried = TrySend(handle)),
                ("device", bed.Device.LetGo));
            AssertTogether(bed, 8, tried);
            AssertWritesOn(handle);
            bed.Close(handle);
        }));
    }

    private static void CloseAndLetGo(Bed bed, UciHandle handle)
    {
        bed.Close(handle);
        bed.Device.LetGo();
    }

    private static int TrySend(UciHandle handle) =>
        handle.TrySend([2, 2, 2, 2], out UciSendResult result) == UciStatus.Done ? result.Count : 0;

    /// <summary>How much was written; 0 when something that may end it did.</summary>
    private static int Write(Bed bed, UciHandle handle, byte tag, int length, bool isAsync, CancellationToken token = default)
    {
        byte[] data = new byte[length];
        data.AsSpan().Fill(tag);
        try
        {
            return isAsync ? bed.Wait(handle.WriteAsync(data, token), "write") : handle.Write(data, null, token);
        }
        catch (Exception exception) when (exception is UciCanceledException or UciHandleClosedException or UciDeviceRemovedException)
        {
            return 0;
        }
    }

    // Whoever comes next gets the turn.
    private static void AssertWritesOn(UciHandle handle) => Assert.Equal(4, handle.Write([9, 9, 9, 9]));

    // The packets of writer n carry the byte n: so many bytes of each, every packet of one writer, all of a writer together.
    private static void AssertTogether(Bed bed, params int[] lengths)
    {
        bed.Execution.Settle();
        Assert.All(bed.Device.Received, static packet => Assert.All(packet, each => Assert.Equal(packet[0], each)));
        byte[] tags = [.. bed.Device.Received.Select(static packet => packet[0])];
        for (int writer = 1; writer <= lengths.Length; writer++)
        {
            Assert.Equal(lengths[writer - 1], bed.Device.Received.Where(packet => packet[0] == writer).Sum(static packet => packet.Length));
            int packets = tags.Count(tag => tag == writer);
            int from = Array.IndexOf(tags, (byte)writer);
            Assert.True(packets == 0 || tags.AsSpan(from, packets).IndexOfAnyExcept((byte)writer) < 0, "Packets of two writers alternate.");
        }
    }
}
