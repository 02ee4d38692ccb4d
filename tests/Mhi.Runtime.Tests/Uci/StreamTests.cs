using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A handle as a stream.</summary>
public class StreamTests
{
    private const string Whole = "A stream's write queues everything or throws, and the exception, a subclass of the mapped type, tells how many bytes were queued.";
    private const string Contract = "A stream's flush is the handle's, dispose is close, reads follow the rules of reading, and time-outs are supported.";
    private const int RoomInBytes = 3 * RemovalBed.Mtu;

    // The ring takes the first packet of three elements; the second, of two, waits.
    private static readonly byte[] s_large = new byte[5 * RemovalBed.Mtu];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [UciClause(119, Whole)]
    public async Task UCI_119_RemovedInMidWrite(bool isAsync, bool someCompleted)
    {
        using var bed = new RemovalBed();
        await using var stream = new UciStream(bed.Open());
        Task write = Writing(stream, isAsync);
        bed.UntilHeld(3);
        int queued = RoomInBytes;
        if (someCompleted)
        {
            // The second packet goes out and the third call's data waits.
            _ = bed.Device.CompletePackets(RemovalBed.Uplink);
            RemovalBed.Soon(write);
            write = Writing(stream, isAsync);
            OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == 1, "the write waits");
            queued = 0;
        }

        bed.Leave(Leaving.Remove);
        IOException failure = RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(write));
        Assert.Equal(queued, ((IUciError)failure).BytesTransferred);
        RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, () => stream.Write(s_large));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(119, Whole)]
    public void UCI_119_CancelledInMidWrite(bool isAlreadyCancelled)
    {
        using var bed = new RemovalBed();
        using var stream = new UciStream(bed.Open());
        using var source = new CancellationTokenSource();
        if (isAlreadyCancelled)
        {
            source.Cancel();
        }

        Task write = stream.WriteAsync(s_large, source.Token).AsTask();
        if (!isAlreadyCancelled)
        {
            bed.UntilHeld(3);
            source.Cancel();
        }

        OpenBed.WaitUntil(() => write.IsCompleted, "the write ends");
        var failure = (UciCanceledException)Cancellation(write);
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.Equal(isAlreadyCancelled ? 0 : RoomInBytes, failure.BytesTransferred);
        Assert.Equal(failure.BytesTransferred, bed.Node.Counters.QueuedBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(119, Whole)]
    public void UCI_119_TimedOutInMidWrite(bool isAsync)
    {
        using var bed = new RemovalBed();
        using var stream = new UciStream(bed.Open()) { WriteTimeout = 1000 };
        var failure = (UciTimeoutException)RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, RemovalBed.Ending(Writing(stream, isAsync)));
        Assert.Equal(RoomInBytes, failure.BytesTransferred);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(119, Whole)]
    public void UCI_119_ClosedInMidWrite(bool isAsync)
    {
        using var bed = new RemovalBed();
        using var stream = new UciStream(bed.Open());
        Task write = Writing(stream, isAsync);
        bed.UntilHeld(3);
        OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == 1, "the write waits");
        stream.Dispose();
        var failure = RemovalBed.AssertError<UciHandleClosedException>(UciErrno.BadHandle, RemovalBed.Ending(write));
        Assert.Equal(RoomInBytes, failure.BytesTransferred);
    }

    [Fact]
    [UciClause(119, Whole)]
    public async Task UCI_119_WritesQueueEverything()
    {
        using var bed = new RemovalBed();
        await using var stream = new UciStream(bed.Open());
        bed.Device.CompletesUplink = true;
        byte[] data = new byte[23 * RemovalBed.Mtu];
        new Random(119).NextBytes(data);
        stream.Write(data);
        await stream.WriteAsync(data);
        await stream.WriteAsync(data.AsMemory(0, 1));
        stream.WriteByte(7);
        stream.Write([]);
        stream.Write(data, 5, 10);
#pragma warning disable CA1835 // The overload is what is tested.
        await stream.WriteAsync(data, 5, 10, CancellationToken.None);
#pragma warning restore CA1835
        await stream.FlushAsync();
        byte[] sent = [.. bed.Device.Packets(RemovalBed.Uplink).SelectMany(static packet => packet)];
        byte[] wanted = [.. data, .. data, data[0], 7, .. data[5..15], .. data[5..15]];
        Assert.True(wanted.AsSpan().SequenceEqual(sent));
    }

    [Fact]
    [UciClause(120, Contract)]
    public void UCI_120_FlushIsTheHandles()
    {
        using var bed = new RemovalBed();
        using var stream = new UciStream(bed.Open());
        using var reader = new UciStream(bed.Open(new UciOpenOptions { Access = UciAccess.Read }));
        stream.Write([1]);
        bed.UntilHeld(1);
        Task flush = OpenBed.OnThread(stream.Flush);
        Task flushAsync = stream.FlushAsync();
        bed.UntilWaiting(2);
        Assert.False(flush.IsCompleted || flushAsync.IsCompleted);

        // Nothing to flush on a stream that only reads.
        reader.Flush();
        RemovalBed.Soon(reader.FlushAsync());
        _ = bed.Device.CompletePackets(RemovalBed.Uplink);
        RemovalBed.Soon(flush);
        RemovalBed.Soon(flushAsync);

        stream.WriteTimeout = 1;
        stream.Write([2]);
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, stream.Flush);
        stream.Dispose();
        RemovalBed.AssertError<ObjectDisposedException>(UciErrno.BadHandle, stream.Flush);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(120, Contract)]
    public async Task UCI_120_DisposeIsClose(bool isAsync)
    {
        using var bed = new RemovalBed();
        var stream = new UciStream(bed.Open());
        Assert.True(stream.CanRead && stream.CanWrite && stream.CanTimeout && !stream.CanSeek);
        Task<int> read = stream.ReadAsync(new byte[1]).AsTask();
        if (isAsync)
        {
            await stream.DisposeAsync();
        }
        else
        {
            stream.Dispose();
        }

        RemovalBed.AssertError<UciHandleClosedException>(UciErrno.BadHandle, RemovalBed.Ending(read));
        Assert.True(stream.Handle.IsClosed);
        Assert.False(stream.CanRead || stream.CanWrite);
        Assert.Equal(0, bed.Node.Counters.OpenHandles);
        RemovalBed.AssertError<ObjectDisposedException>(UciErrno.BadHandle, () => stream.ReadByte());
        RemovalBed.AssertError<ObjectDisposedException>(UciErrno.BadHandle, () => stream.WriteByte(1));
        stream.Dispose();
    }

    [Fact]
    [UciClause(120, Contract)]
    public async Task UCI_120_ReadsFollowTheRules()
    {
        using var bed = new RemovalBed(elements: 8);
        await using var stream = new UciStream(bed.Open());
        byte[] data = new byte[100];
        bed.Deliver(1, 2, 3, 4, 5);
        bed.Deliver();
        bed.Deliver(6, 7);
        bed.Deliver(8);
        Assert.Equal((2, 1), (stream.Read(data.AsSpan(0, 2)), data[0]));
        Assert.Equal(0, stream.Read([]));
        Assert.Equal((1, 3), (stream.Read(data, 9, 1), data[9]));

        // Never across a buffer, and over the empty packet.
        Assert.Equal((2, 4), (await stream.ReadAsync(data), data[0]));
#pragma warning disable CA1835 // The overload is what is tested.
        Assert.Equal((2, 6), (await stream.ReadAsync(data, 0, 100, CancellationToken.None), data[0]));
#pragma warning restore CA1835
        Assert.Equal(8, stream.ReadByte());
        Task<int> exactly = OpenBed.OnThread(() => stream.ReadAtLeast(data, 3));
        bed.Deliver(1);
        bed.Deliver(2, 3);
        Assert.Equal(3, RemovalBed.Soon(exactly));
    }

    [Fact]
    [UciClause(120, Contract)]
    public void UCI_120_TimeOutsAreSupported()
    {
        using var bed = new RemovalBed();
        using var stream = new UciStream(bed.Open());
        Assert.True(stream.CanTimeout);
        Assert.Equal((Timeout.Infinite, Timeout.Infinite), (stream.ReadTimeout, stream.WriteTimeout));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.ReadTimeout = -2);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.WriteTimeout = -2);
        stream.ReadTimeout = 2;
        stream.WriteTimeout = 2;
        Assert.Equal((2, 2), (stream.ReadTimeout, stream.WriteTimeout));
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, () => Assert.Equal(1, stream.Read(new byte[1])));
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, () => stream.ReadByte());
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, RemovalBed.Ending(stream.ReadAsync(new byte[1]).AsTask()));
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, () => stream.Write(s_large));
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, () => stream.Write([1]));
    }

    [Fact]
    [UciClause(120, Contract)]
    public async Task UCI_120_ServesReadersAndWritersOfText()
    {
        using var bed = new RemovalBed();
        bed.Device.Echoes = true;
        await using var stream = new UciStream(bed.Open());
        using var writer = new StreamWriter(stream, Encoding.ASCII, leaveOpen: true) { AutoFlush = true, NewLine = "\r\n" };
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string line = "AT+CGMI" + new string('x', 250);
        for (int i = 0; i < 50; i++)
        {
            await writer.WriteLineAsync(line);
            Assert.Equal(line, await reader.ReadLineAsync());
        }
    }

    private static Task Writing(UciStream stream, bool isAsync) =>
        isAsync ? stream.WriteAsync(s_large).AsTask() : OpenBed.OnThread(() => stream.Write(s_large));

    private static OperationCanceledException Cancellation(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            return exception;
        }

        throw new InvalidOperationException("The task was not cancelled.");
    }
}
