using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Where a client's own code runs.</summary>
public class ContinuationTests
{
    // A device that holds has taken one packet, and three are in the ring.
    private const int HeldPackets = 4;

    [Theory]
    [InlineData("read")]
    [InlineData("receive")]
    [InlineData("poll")]
    [InlineData("change")]
    [InlineData("write")]
    [InlineData("send")]
    [InlineData("message")]
    [InlineData("flush")]
    [InlineData("cancel")]
    [InlineData("open")]
    [InlineData("close")]
    [UciClause(101, "Client code and continuations never run on the completion thread nor under an internal lock, and no lock but a turn is held across a call into the core.")]
    public void UCI_101_ContinuationMayUseTheNodeItself(string awaited)
    {
        using var bed = new UciBed();
        for (int round = 0; round < 20; round++)
        {
            bed.Device.Holds = awaited is "write" or "send" or "message" or "flush" or "close";
            Task<int> client = ClientAsync(bed, awaited);
            bed.Device.Holds = false;
            if (awaited is "read" or "receive" or "poll" or "change")
            {
                bed.Device.Send(1, 2, 3);
            }

            Assert.Equal(100, ReceiveBed.Soon(client));
        }
    }

    // Everything after the await is a continuation, and blocks as it likes.
    private static async Task<int> ClientAsync(UciBed bed, string awaited)
    {
        UciHandle handle = bed.Open();
        byte[] buffer = new byte[100];
        using var canceller = new CancellationTokenSource();
        for (int queued = 0; bed.Device.Holds && queued < HeldPackets;)
        {
            queued += handle.TrySend([7], out _) == UciStatus.Done ? 1 : 0;
        }

        switch (awaited)
        {
            case "read":
                _ = await handle.ReadAsync(buffer).ConfigureAwait(false);
                break;
            case "receive":
                _ = await handle.ReceiveAsync(buffer).ConfigureAwait(false);
                break;
            case "poll":
                _ = await handle.PollAsync(UciPollEvents.In).ConfigureAwait(false);
                break;
            case "change":
                _ = await handle.NextChangeAsync(UciPollEvents.In).ConfigureAwait(false);
                break;
            case "write":
                _ = await handle.WriteAsync(new byte[] { 7 }).ConfigureAwait(false);
                break;
            case "send":
                _ = await handle.SendAsync(new byte[] { 7 }).ConfigureAwait(false);
                break;
            case "message":
                _ = await handle.WriteMessageAsync(new byte[] { 7 }).ConfigureAwait(false);
                break;
            case "flush":
                await handle.FlushAsync().ConfigureAwait(false);
                break;
            case "cancel":
                ValueTask<int> read = handle.ReadAsync(buffer, canceller.Token);
                _ = Task.Run(canceller.Cancel);
                await Task.WhenAny(read.AsTask()).ConfigureAwait(false);
                break;
            case "open":
                handle.Dispose();
                handle = await bed.Host.OpenAsync(bed.Node.Name).ConfigureAwait(false);
                break;
            default:
                await handle.CloseAsync().ConfigureAwait(false);
                handle = bed.Open();
                break;
        }

        Assert.DoesNotContain("mhi", Thread.CurrentThread.Name ?? "", StringComparison.Ordinal);

        // Here, and on another thread that this one waits for: a lock held by who runs us would stop it.
        int count = Use(handle);
        return Task.Run(() => Use(bed.Open())).Wait(UciBed.Long) ? count : 0;

        int Use(UciHandle used)
        {
            while (used.TryRead(buffer, out _) == UciStatus.Done || handle.Node.Counters.OutstandingBuffers != 0)
            {
            }

            _ = used.Write(new byte[100], UciBed.Long);
            int length = 0;
            while (length != 100)
            {
                length = used.Read(buffer, UciBed.Long);
            }

            used.Flush(UciBed.Long);
            used.Dispose();
            return length;
        }
    }
}
