using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section D: the device sees whole packets, and nothing of the caller's memory afterwards.</summary>
public class WriteAtomicityTests
{
    private const int M = DefBed.M;
    private const int Chunk = 64;

    private static readonly int[] s_lengths = [1, 3, 5];

    public static TheoryData<WritePolicy, string> PoliciesAndCauses { get; } = Combine();

    [Theory]
    [MemberData(nameof(PoliciesAndCauses))]
    [UciClause(61, "Whatever the policy, the last descriptor queued before a writer waits, fails or returns ends a packet.")]
    public void UCI_061_TheLastDescriptorAlwaysEndsAPacket(WritePolicy policy, string name)
    {
        // Two competing writes of every kind of length, on every number of free places, the first of them stopped.
        foreach ((int free, int a, int b) in from free in Enumerable.Range(0, 4) from a in Enumerable.Range(1, 5) from b in s_lengths select (free, a, b))
        {
            using var bed = DefBed.Stepped(new UciTableEntry("LOOPBACK", Chunk) { WritePolicy = policy });
            using var cause = new DefCause(name, bed, TimeSpan.FromMilliseconds(2));
            UciHandle first = bed.Open();
            UciHandle second = bed.Open();
            bed.Fill(first, free);
            long filled = bed.Counters.QueuedBytes;
            Task<int> writingA = cause.Write(first, DefBed.Bytes(a * Chunk), isAsync: true);
            Task<int> writingB = second.WriteAsync(DefBed.Bytes(b * Chunk)).AsTask();
            AssertWhole(bed);
            cause.Happen();
            int written = Ending(bed, cause, writingA);
            AssertWhole(bed);
            if (cause.IsLasting)
            {
                written += Ending(bed, cause, writingB);
            }
            else
            {
                // A device that goes on completes everything.
                bed.Until(() =>
                {
                    AssertWhole(bed);
                    _ = bed.Device.CompletePackets(DefBed.Up, 1);
                    return writingB.IsCompleted && bed.Counters.OutstandingBuffers == 0;
                });
                Assert.Equal(b * Chunk, bed.Result(writingB));
                written += b * Chunk;
            }

            AssertWhole(bed);
            Assert.Empty(bed.Device.Outstanding(DefBed.Up));
            Assert.Equal(0, bed.Counters.OutstandingBuffers);
            Assert.Equal(filled + written, bed.Counters.QueuedBytes);
        }
    }

    [Theory]
    [InlineData(BurstMode.Disabled)]
    [InlineData(BurstMode.Enabled)]
    [UciClause(62, "A packet becomes visible to the device completely or not at all.", Departure =
        "Nothing can fail inside a packet: all memory is allocated and mapped when the channel opens. What is proved instead is that no moment shows the device a part of one.")]
    public void UCI_062_NoMomentShowsAPartOfAPacket(BurstMode mode)
    {
        const int Messages = 500;

        // Without burst mode the device takes what is rung; with it, whatever the context's write pointer covers.
        // Packets of very many descriptors take long to queue, and so are often looked at meanwhile.
        using var bed = DefBed.Running(new UciTableEntry("LOOPBACK", 4), TestProfile.Of(256).InBurstMode(mode));
        UciHandle handle = bed.Open();
        using var done = new CancellationTokenSource();

        // The device looks at moments of its own; what it has taken last ends a packet, and is no part of one.
        var looking = Task.Run(() =>
        {
            int packets = 0;
            int parts = 0;
            while (!done.IsCancellationRequested || bed.Device.Outstanding(DefBed.Up).Length != 0)
            {
                HeldElement[] seen = bed.Device.Outstanding(DefBed.Up);
                parts += seen.Length != 0 && seen[^1].IsChained ? 1 : 0;
                packets += bed.Device.CompletePackets(DefBed.Up);
                bed.Device.ForgetRecords();
                _ = bed.Device.Step();
            }

            return (packets, parts);
        });
        byte[] data = DefBed.Bytes(255 * 4);
        for (int i = 0; i < Messages; i++)
        {
            int length = 4 * ((i * 7 % 255) + 1);
            Assert.Equal(UciStatus.Done, handle.WriteMessage(data.AsSpan(0, length), UciBed.Long));
        }

        handle.Flush(UciBed.Long);
        done.Cancel();
        Assert.Equal((Messages, 0), bed.Result(looking));
    }

    [Theory]
    [InlineData(BurstMode.Disabled)]
    [InlineData(BurstMode.Enabled)]
    [UciClause(62, "A packet that does not get into the ring leaves nothing on the wire, and the next is whole.")]
    public void UCI_062_APacketThatIsGivenUpLeavesNoTrace(BurstMode mode)
    {
        using var bed = DefBed.Stepped(profile: TestProfile.Of(4).InBurstMode(mode));
        UciHandle handle = bed.Open();
        bed.Fill(handle, free: 2);
        int doorbells = bed.Device.Doorbells.Length;
        ulong published = bed.Device.PublishedPointer(DefBed.Up);
        using var stop = new CancellationTokenSource();
        Task<UciStatus> writing = bed.WaitingWriter(handle, () => handle.WriteMessage(new byte[3 * M], cancellationToken: stop.Token));
        stop.Cancel();
        _ = bed.Failure<UciCanceledException>(writing);
        bed.Pump();
        Assert.Equal("E", bed.Flags());
        Assert.Equal(doorbells, bed.Device.Doorbells.Length);
        Assert.Equal(published, bed.Device.PublishedPointer(DefBed.Up));
        Assert.Equal(1, bed.Counters.QueuedBuffers);

        byte[] next = DefBed.Bytes(2 * M);
        Assert.Equal(UciStatus.Done, handle.TryWriteMessage(next));
        bed.Pump();
        Assert.Equal("ECE", bed.Flags());
        Assert.Equal(next, bed.Device.Packets(DefBed.Up)[1]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3 * M)]
    [UciClause(63, "The bytes are copied before anything is queued: the caller's memory is his again on return.")]
    public void UCI_063_TheCallersMemoryIsHisOnReturn(int length)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        byte[] old = DefBed.Bytes(length);
        byte[] data = [.. old];
        Assert.Equal(length, handle.Write(data));
        Array.Fill(data, (byte)0xee);

        // Only now does the host's thread run, and the device.
        bed.Device.Echoes = true;
        byte[] echo = new byte[length];
        int count = 0;
        while (count < length)
        {
            bed.Until(() => (handle.Poll() & UciPollEvents.In) != 0);
            count += handle.Read(echo.AsSpan(count));
        }

        Assert.Equal(old, echo);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [UciClause(75, "No transmit memory is ENOMEM, with nothing queued.", Departure =
        "Transmit memory is part of the open: there ENOMEM is raised, and a write cannot fail for want of memory at all.")]
    public void UCI_075_MemoryIsRefusedAtOpenAndNeverInAWrite(int chunks)
    {
        using var bed = DefBed.Stepped();
        int regions = bed.Device.LiveRegions;
        bed.Device.FailingAllocation = 1;
        UciIOException refusal = bed.Failure<UciIOException>(bed.Node.OpenAsync());
        Assert.Equal(UciErrno.OutOfMemory, refusal.ErrorCode);
        Assert.Empty(bed.Device.Commands);
        Assert.Equal(regions, bed.Device.LiveRegions);

        UciHandle handle = bed.Open();
        bed.Device.FailingAllocation = 1;
        byte[] data = DefBed.Bytes(chunks * M);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(data.Length, handle.Write(data));
            bed.Pump();
            Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up));
            bed.Pump();
        }

        Assert.Equal(Enumerable.Repeat(data, 10), bed.Device.Packets(DefBed.Up));
        bed.Device.FailingAllocation = 0;
    }

    private static TheoryData<WritePolicy, string> Combine()
    {
        var rows = new TheoryData<WritePolicy, string>();
        foreach (string cause in DefCause.All)
        {
            rows.Add(WritePolicy.WholeMessage, cause);
            rows.Add(WritePolicy.Eager, cause);
        }

        return rows;
    }

    // What a write that was stopped has queued: it says so, or it has queued nothing and fails as its cause makes it.
    private static int Ending(DefBed bed, DefCause cause, Task<int> writing)
    {
        bed.Until(() => writing.IsCompleted, UciBed.Soon);
        if (writing.IsCompletedSuccessfully)
        {
            return writing.Result;
        }

        cause.AssertFailure(writing);
        return 0;
    }

    private static void AssertWhole(DefBed bed)
    {
        bed.Pump();
        HeldElement[] elements = bed.Device.Elements(DefBed.Up);
        Assert.True(elements.Length == 0 || elements[^1].EndsTransfer, $"The tail of {bed.Flags()} ends no packet.");
        Assert.All(elements, static element => Assert.NotEqual(element.IsChained, element.EndsTransfer));
    }
}
