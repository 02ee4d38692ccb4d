using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section F: which events a poll shows.</summary>
public class PollTests
{
    private const UciPollEvents Gone = UciPollEvents.Error | UciPollEvents.HangUp;

    [Fact]
    [UciClause(87, "IN is set exactly while a byte could be read at once.")]
    public void UCI_087_InWhileThereIsAByte()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open(UciAccess.Read);
        Assert.Equal(UciPollEvents.None, handle.Poll());
        Assert.True(bed.Device.Deliver(DefBed.Down, [1, 2]));
        bed.Pump();
        Assert.Equal(UciPollEvents.In, handle.Poll());
        Assert.Equal(1, handle.Read(new byte[1]));
        Assert.Equal(UciPollEvents.In, handle.Poll());
        Assert.Equal(1, handle.Read(new byte[1]));
        Assert.Equal(UciPollEvents.None, handle.Poll());

        // An empty packet is skipped, and so is nothing to read.
        Assert.True(bed.Device.Deliver(DefBed.Down, []));
        bed.Pump();
        Assert.Equal(UciPollEvents.None, handle.Poll());
        Assert.Equal(1, bed.Counters.EmptyBuffers);
    }

    [Fact]
    [UciClause(87, "IN is also set while the empty end of a message can be received.")]
    public void UCI_087_InWhileThereIsAnEmptyEnd()
    {
        using var bed = DefBed.Stepped(new UciTableEntry("LOOPBACK", DefBed.M) { DeliverEmptyPackets = true });
        UciHandle handle = bed.Open(UciAccess.Read);
        Assert.True(bed.Device.Deliver(DefBed.Down, []));
        bed.Pump();
        Assert.Equal(UciPollEvents.In, handle.Poll());
        Assert.Equal(UciStatus.Done, handle.TryReceive(new byte[1], out UciReceiveResult result));
        Assert.Equal(new UciReceiveResult(0, true, false), result);
        Assert.Equal(UciPollEvents.None, handle.Poll());

        Assert.True(bed.Device.DeliverPiece(DefBed.Down, [1, 2], CompletionCode.Overflow));
        bed.Pump();
        Assert.Equal(2, handle.Read(new byte[2]));
        Assert.Equal(UciPollEvents.None, handle.Poll());
        Assert.True(bed.Device.DeliverPiece(DefBed.Down, []));
        bed.Pump();
        Assert.Equal(UciPollEvents.In, handle.Poll());
        Assert.Equal(UciStatus.Done, handle.TryReceive(new byte[1], out _));
        Assert.Equal(UciPollEvents.None, handle.Poll());
    }

    [Fact]
    [UciClause(88, "OUT is set exactly while the node has an uplink, works, and a descriptor is free.")]
    public void UCI_088_OutWhileThereIsRoom()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.Equal(UciPollEvents.Out, handle.Poll());
        bed.Fill(handle, free: 1);
        Assert.Equal(UciPollEvents.Out, handle.Poll());
        bed.Fill(handle);
        Assert.Equal(UciPollEvents.None, handle.Poll());
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
        bed.Pump();
        Assert.Equal(UciPollEvents.Out, handle.Poll());
        bed.Device.RaiseSystemError();
        bed.Pump();
        Assert.Equal(UciPollEvents.Error, handle.Poll());
    }

    [Theory]
    [InlineData(DefCause.Removal)]
    [InlineData(DefCause.Reset)]
    [UciClause(89, "After removal or reset ERR and HUP are set and OUT is not; IN stays while something is unread.")]
    public void UCI_089_AfterTheEnd(string name)
    {
        using var bed = DefBed.Stepped();
        using var cause = new DefCause(name, bed);
        UciHandle handle = bed.Open();
        Assert.True(bed.Device.Deliver(DefBed.Down, [1]));
        Assert.True(bed.Device.Deliver(DefBed.Down, [2, 3]));
        bed.Until(() => bed.Counters.PendingBuffers == 2);
        bed.Until(() => bed.Device.Outstanding(DefBed.Down).Length == 1 && handle.Poll() == (UciPollEvents.In | UciPollEvents.Out));
        if (name == DefCause.Reset)
        {
            // The device says of an element what it already said: of none that is next.
            bed.Device.PostEvent(0, RingElement.TransferEvent(1, CompletionCode.EndOfTransfer, 1, DefBed.Down));
        }
        else
        {
            cause.Happen();
        }

        bed.Pump();
        Assert.Equal(UciPollEvents.In | Gone, handle.Poll());
        Assert.Equal(1, handle.Read(new byte[10]));
        Assert.Equal(UciPollEvents.In | Gone, handle.Poll());
        Assert.Equal(2, handle.Read(new byte[10]));
        Assert.Equal(Gone, handle.Poll());
        Assert.Equal(Gone, handle.Poll(UciPollEvents.In | UciPollEvents.Out, UciBed.Long));
        Assert.Equal(cause.Errno, Assert.IsAssignableFrom<IUciError>(Record.Exception(() => handle.Read(new byte[10]))).ErrorCode);
    }

    [Theory]
    [InlineData(ChannelDirections.Downlink, UciAccess.Read, UciPollEvents.In)]
    [InlineData(ChannelDirections.Uplink, UciAccess.Write, UciPollEvents.Out)]
    [InlineData(ChannelDirections.Both, UciAccess.Read, UciPollEvents.In)]
    [InlineData(ChannelDirections.Both, UciAccess.Write, UciPollEvents.Out)]
    [InlineData(ChannelDirections.Both, UciAccess.ReadWrite, UciPollEvents.In | UciPollEvents.Out)]
    [UciClause(90, "A handle shows only what its access and the node's directions allow; to ask for the rest does no harm.")]
    public void UCI_090_OnlyWhatTheHandleMay(ChannelDirections directions, UciAccess access, UciPollEvents all)
    {
        using var bed = DefBed.Stepped(profile: TestProfile.Of(4, 4, directions));
        UciHandle handle = bed.Open(access);
        if ((directions & ChannelDirections.Downlink) != 0)
        {
            Assert.True(bed.Device.Deliver(DefBed.Down, [1]));
            bed.Until(() => bed.Counters.PendingBuffers == 1);
        }

        const UciPollEvents Everything = UciPollEvents.In | UciPollEvents.Out;
        Assert.Equal(all, handle.Poll());
        Assert.Equal(all, handle.Poll(Everything));
        Assert.Equal(UciPollEvents.None, handle.Poll(Everything & ~all, TimeSpan.FromMilliseconds(1)));
        Task<UciPollEvents> absent = handle.PollAsync(Everything & ~all).AsTask();
        Assert.False(absent.IsCompleted);
        bed.Host.Remove(bed.Controller);
        Assert.Equal(Gone, bed.Result(absent) & ~UciPollEvents.In);
        Assert.Equal(Gone | (all & UciPollEvents.In), handle.Poll());
    }

    [Fact]
    [UciClause(92, "A poll consumes nothing: asked twice it says the same, as long as nothing happens.")]
    public void UCI_092_APollIsLevelTriggered()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.True(bed.Device.Deliver(DefBed.Down, [1]));
        bed.Until(() => bed.Counters.PendingBuffers == 1);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(UciPollEvents.In | UciPollEvents.Out, handle.Poll());
            Assert.Equal(UciPollEvents.In, handle.Poll(UciPollEvents.In));
            Assert.Equal(UciPollEvents.Out, bed.Result(handle.PollAsync(UciPollEvents.Out).AsTask()));
        }

        Assert.Equal(1, handle.Read(new byte[2]));
    }

    [Fact]
    [UciClause(92, "A poll that waits is in nobody's way.")]
    public void UCI_092_AWaitingPollBlocksNothing()
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        UciHandle reader = bed.Open(UciAccess.Read);
        bed.Fill(handle);
        Task<UciPollEvents> polling = bed.Watching(handle, () => handle.Poll(UciPollEvents.None));
        Task<UciPollEvents> other = bed.Watching(reader, () => reader.Poll(UciPollEvents.None), watchers: 2);
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
        Assert.Equal(1, handle.Write([1], UciBed.Long));
        bed.Until(() => bed.Device.Deliver(DefBed.Down, [1]));
        Assert.Equal(1, reader.Read(new byte[1], UciBed.Long));
        Assert.False(polling.IsCompleted || other.IsCompleted);
        bed.Soon(() => bed.Close(reader));
        _ = bed.Failure<UciHandleClosedException>(other);
        bed.Soon(() => bed.Host.Remove(bed.Controller));
        Assert.Equal(Gone, bed.Soon(polling));
    }
}
