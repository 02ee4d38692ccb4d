using System;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A channel that is reset although no client asked for it.</summary>
public class UnaskedResetTests
{
    [Fact]
    [UciClause(96, "A reset that the client did not ask for frees the buffers, takes the node down and wakes everybody; unread data is read first, then ENOTCONN.")]
    public void UCI_096_ResetWakesEverybody()
    {
        using var bed = new ReceiveBed();
        UciHandle handle = bed.Handle;
        byte[] buffer = new byte[100];
        for (int i = 0; i < bed.Buffers; i++)
        {
            Assert.Equal(1, handle.Write([1]));
        }

        Task<(int, Exception)> reading = bed.Block(() =>
        {
            byte[] packet = new byte[100];
            int lengths = 0;
            while (true)
            {
                try
                {
                    lengths = (lengths * 100) + handle.Read(packet);
                }
                catch (UciIOException exception)
                {
                    return (lengths, (Exception)exception);
                }
            }
        });
        Task<Exception?> writing = bed.Block<Exception?>(() => Record.Exception(() => handle.Write([1])));
        Task<UciPollEvents> polling = bed.Block(() => handle.Poll(UciPollEvents.Out));
        Task<Exception?> flushing = bed.Block<Exception?>(() => Record.Exception(() => handle.Flush()));
        bed.Arrive(ReceiveBed.Bytes(10), ReceiveBed.Bytes(20));
        bed.BreakChannel();

        (int read, Exception end) = ReceiveBed.Soon(reading);
        Assert.Equal(1020, read);
        Assert.Equal(UciErrno.NotConnected, Assert.IsType<UciChannelDownException>(end).ErrorCode);
        _ = Assert.IsType<UciChannelDownException>(ReceiveBed.Soon(writing));
        _ = Assert.IsType<UciChannelDownException>(ReceiveBed.Soon(flushing));
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, ReceiveBed.Soon(polling));
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
        _ = Assert.Throws<UciChannelDownException>(() => handle.Read(buffer));
        _ = Assert.Throws<UciChannelDownException>(() => handle.TryRead(buffer, out _));
        _ = Assert.Throws<UciChannelDownException>(() => handle.Write(buffer));

        UciCounters counters = bed.Node.Counters;
        Assert.Equal((3, 3, 0), (counters.QueuedBuffers, counters.DroppedBuffers, counters.OutstandingBuffers));
    }

    [Fact]
    [UciClause(96, "A reset that the client did not ask for frees the buffers, takes the node down and wakes everybody; unread data is read first, then ENOTCONN.")]
    public void UCI_096_DataUnreadAtAResetIsReadFirst()
    {
        using var bed = new ReceiveBed();
        byte[] buffer = new byte[100];
        bed.Arrive(ReceiveBed.Bytes(10, 1), ReceiveBed.Bytes(20, 2));
        bed.BreakChannel();
        ReceiveBed.Soon(() => (bed.Handle.Poll() & UciPollEvents.HangUp) != 0);
        Assert.Equal(UciPollEvents.In | UciPollEvents.Error | UciPollEvents.HangUp, bed.Handle.Poll());
        Assert.Equal(10, bed.Handle.Read(buffer));
        Assert.Equal(ReceiveBed.Bytes(10, 1), buffer[..10]);
        Assert.Equal(new UciReceiveResult(20, true, false), bed.Handle.Receive(buffer));
        Assert.Equal(ReceiveBed.Bytes(20, 2), buffer[..20]);
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, bed.Handle.Poll());
        _ = Assert.Throws<UciChannelDownException>(() => bed.Handle.Read(buffer));
        _ = Assert.Throws<UciChannelDownException>(() => bed.Handle.Receive(buffer));
    }

    [Fact]
    [UciClause(97, "A node that went down works again after all handles are closed and one is opened.")]
    public void UCI_097_NodeWorksAgainOnceAllHandlesAreClosed()
    {
        using var bed = new ReceiveBed();
        bed.Device.Echoes = true;
        byte[] buffer = new byte[100];
        for (int round = 0; round < 20; round++)
        {
            UciHandle first = bed.Open();
            UciHandle second = round == 0 ? bed.Handle : bed.Open();
            Assert.Equal(5, first.Write(buffer.AsSpan(0, 5)));
            Assert.Equal(5, second.Read(buffer, UciBed.Long));
            bed.BreakChannel();
            _ = Assert.Throws<UciChannelDownException>(() => first.Read(buffer, UciBed.Soon));
            bed.Close(first);

            // As long as one is open the node stays down.
            using (UciHandle late = bed.Open())
            {
                _ = Assert.Throws<UciChannelDownException>(() => late.Write(buffer));
            }

            bed.Close(second);
            Assert.Equal(bed.RegionsWhenClosed, bed.Device.LiveRegions);
        }

        using UciHandle last = bed.Open();
        Assert.Equal(5, last.Write(buffer.AsSpan(0, 5)));
        Assert.Equal(5, last.Read(buffer, UciBed.Long));
        bed.AssertEveryBufferIsAccountedFor();
    }
}
