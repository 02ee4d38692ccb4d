using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>What ends a read that waits, and what it has consumed by then.</summary>
public class ReadEndingsTests
{
    [Theory]
    [InlineData("data", null)]
    [InlineData("removal", typeof(UciDeviceRemovedException))]
    [InlineData("reset", typeof(UciChannelDownException))]
    [InlineData("cancellation", typeof(UciCanceledException))]
    [InlineData("timeout", typeof(UciTimeoutException))]
    [InlineData("close", typeof(UciHandleClosedException))]
    [UciClause(44, "A blocking read sleeps, without spinning, until data, removal, reset, cancellation, timeout or close.")]
    public void UCI_044_EachEventEndsAWaitingRead(string ending, Type? expected)
    {
        foreach (bool isAsync in new[] { false, true })
        {
            using var bed = new ReceiveBed();
            using var canceller = new CancellationTokenSource();
            UciHandle handle = bed.Open();
            TimeSpan timeout = ending == "timeout" ? TimeSpan.FromMilliseconds(50) : UciBed.Long;
            byte[] buffer = new byte[10];
            Task<Exception?> waiting = bed.Block<Exception?>(() => Record.Exception(() =>
                isAsync ? ReceiveBed.Soon(handle.ReadAsync(buffer, timeout, canceller.Token))
                : handle.Read(buffer, timeout, canceller.Token)));
            switch (ending)
            {
                case "data":
                    bed.Arrive([1]);
                    break;
                case "removal":
                    bed.Host.Remove(bed.Controller);
                    break;
                case "reset":
                    bed.BreakChannel();
                    break;
                case "cancellation":
                    canceller.Cancel();
                    break;
                case "close":
                    handle.Dispose();
                    break;
            }

            Assert.Equal(expected, ReceiveBed.Soon(waiting)?.GetType());
            Assert.Equal(0, bed.Node.Counters.Waiters);
            bed.Close(handle);
        }
    }

    [Theory]
    [InlineData("cancellation")]
    [InlineData("timeout")]
    [InlineData("close")]
    [UciClause(50, "A read that ends in any exception consumes nothing.")]
    public void UCI_050_ReadThatFailsConsumesNothing(string ending)
    {
        using var bed = new ReceiveBed();
        byte[] buffer = new byte[16];
        UciHandle reader = bed.Open();

        // Before the data is looked at.
        bed.Arrive(ReceiveBed.Bytes(10));
        bed.UntilPending(1);
        if (ending != "timeout")
        {
            if (ending == "close")
            {
                bed.Close(reader);
            }

            var canceled = new CancellationToken(ending == "cancellation");
            Type expected = ending == "close" ? typeof(UciHandleClosedException) : typeof(UciCanceledException);
            _ = Assert.Throws(expected, () => reader.Read(buffer, null, canceled));
            _ = Assert.Throws(expected, () => reader.Receive(buffer, null, canceled));
            _ = Assert.Throws(expected, () => ReceiveBed.Soon(reader.ReadAsync(buffer, canceled)));
            _ = Assert.Throws(expected, () => ReceiveBed.Soon(reader.ReceiveAsync(buffer, null, canceled)));
            Assert.Equal(1, bed.Node.Counters.PendingBuffers);
        }

        Assert.Equal(10, bed.Handle.Read(buffer));

        // At any moment while it comes: what the reader did not get is there for another, whole.
        int got = 0;
        for (int round = 0; round < 2000; round++)
        {
            bool isAsync = round % 2 == 0;
            bool isBlocked = round % 4 < 2;
            using var canceller = new CancellationTokenSource();
            if (reader.IsClosed)
            {
                reader = bed.Open();
            }

            UciHandle current = reader;
            TimeSpan? timeout = ending == "timeout" ? TimeSpan.FromMicroseconds(round % 300 * 10) : null;
            Task<int> reading = Task.Run(async () =>
            {
                try
                {
                    return isAsync ? await current.ReadAsync(buffer, timeout, canceller.Token) : current.Read(buffer, timeout, canceller.Token);
                }
                catch (Exception exception) when (exception is UciCanceledException or UciTimeoutException or UciHandleClosedException)
                {
                    return 0;
                }
            });
            if (isBlocked)
            {
                ReceiveBed.Until(() => reading.IsCompleted || bed.Node.Counters.Waiters != 0);
            }

            Task cause = Task.Run(() =>
            {
                if (ending == "cancellation")
                {
                    canceller.Cancel();
                }
                else if (ending == "close")
                {
                    current.Dispose();
                }
            });
            byte[] packet = ReceiveBed.Bytes(12, round);
            bed.Arrive(packet);
            int count = ReceiveBed.Soon(reading);
            got += count == 0 ? 0 : 1;
            if (count == 0)
            {
                count = bed.Handle.Read(buffer, UciBed.Long);
            }

            Assert.Equal(packet, buffer[..count]);
            ReceiveBed.Until(() => cause.IsCompletedSuccessfully);
        }

        // Both outcomes must have happened, or nothing was raced.
        Assert.InRange(got, 1, 1999);
        Assert.Equal(0, bed.Node.Counters.Waiters);
        bed.Close(reader);
        bed.AssertEveryBufferIsAccountedFor();
    }
}
