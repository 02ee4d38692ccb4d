using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section D: what was written is completed, failed, dropped or outstanding, and nothing of it is anything else.</summary>
public class UplinkAccountingTests
{
    private const int Chunk = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [UciClause(81, "Queued is completed and failed and dropped and outstanding together, in buffers and bytes, at any time.")]
    public void UCI_081_EveryBufferAndByteIsAccountedFor(int seed)
    {
        var random = new Random(seed);
        using var bed = DefBed.Stepped(new UciTableEntry("LOOPBACK", Chunk));
        var model = new Model();
        UciHandle handle = bed.Open(nonBlocking: true);
        for (int step = 0; step < 2000; step++)
        {
            switch (random.Next(20))
            {
                case < 10:
                    int length = random.Next(1, 5 * Chunk);
                    UciStatus status = handle.TrySend(new byte[length], out UciSendResult result);
                    Assert.Equal(status == UciStatus.Done, result.Count > 0);
                    model.Queue(result.Count, result.Packets);
                    break;
                case < 15:
                    _ = bed.Device.CompletePackets(DefBed.Up, random.Next(1, 4));
                    model.Complete(bed.Device.Outstanding(DefBed.Up).Length, isFailure: false);
                    break;
                case < 19:
                    if (bed.Device.Outstanding(DefBed.Up).Length != 0)
                    {
                        _ = bed.Device.CompletePackets(DefBed.Up, 1, CompletionCode.UndefinedError);
                        model.Complete(bed.Device.Outstanding(DefBed.Up).Length, isFailure: true);
                    }

                    break;
                default:
                    // A last close without linger, or a reset before it: what is under way is dropped.
                    if (random.Next(2) == 0)
                    {
                        bed.Device.PostEvent(0, RingElement.TransferEvent(1, CompletionCode.EndOfTransfer, 1, DefBed.Down));
                        bed.Pump();
                        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
                        model.Drop();
                        model.AssertAgrees(bed.Counters);
                    }

                    bed.Close(handle);
                    model.Drop();
                    model.AssertAgrees(bed.Counters);
                    handle = bed.Open(nonBlocking: true);
                    break;
            }

            bed.Pump();
            model.AssertAgrees(bed.Counters);
        }

        Assert.True(model.HasSeenEverything);
        bed.Host.Remove(bed.Controller);
        bed.Pump();
        model.Drop();
        model.AssertAgrees(bed.Counters);
    }

    /// <summary>What the counters have to be: every buffer by its length, moved from one heap to another.</summary>
    private sealed class Model
    {
        private readonly Queue<int> _outstanding = new();
        private (long Buffers, long Bytes) _queued;
        private (long Buffers, long Bytes) _completed;
        private (long Buffers, long Bytes) _failed;
        private (long Buffers, long Bytes) _dropped;

        public bool HasSeenEverything => _completed.Buffers > 0 && _failed.Buffers > 0 && _dropped.Buffers > 0;

        public void Queue(int bytes, int packets)
        {
            // Three descriptors make a full ring, and so the longest packet; only the last descriptor of all is short.
            int buffers = (bytes + Chunk - 1) / Chunk;
            Assert.Equal((buffers + 2) / 3, packets);
            for (; bytes > 0; bytes -= Chunk)
            {
                Add(ref _queued, Math.Min(bytes, Chunk));
                _outstanding.Enqueue(Math.Min(bytes, Chunk));
            }
        }

        public void Complete(int left, bool isFailure)
        {
            while (_outstanding.Count > left)
            {
                Add(ref isFailure ? ref _failed : ref _completed, _outstanding.Dequeue());
            }
        }

        public void Drop()
        {
            while (_outstanding.TryDequeue(out int bytes))
            {
                Add(ref _dropped, bytes);
            }
        }

        public void AssertAgrees(in UciCounters counters)
        {
            Assert.Equal(_queued, (counters.QueuedBuffers, counters.QueuedBytes));
            Assert.Equal(_completed, (counters.CompletedBuffers, counters.CompletedBytes));
            Assert.Equal(_failed, (counters.FailedBuffers, counters.FailedBytes));
            Assert.Equal(_dropped, (counters.DroppedBuffers, counters.DroppedBytes));
            Assert.Equal((_outstanding.Count, _outstanding.Sum()), (counters.OutstandingBuffers, counters.OutstandingBytes));
            Assert.Equal(
                counters.QueuedBytes, counters.CompletedBytes + counters.FailedBytes + counters.DroppedBytes + counters.OutstandingBytes);
            Assert.Equal(
                counters.QueuedBuffers, counters.CompletedBuffers + counters.FailedBuffers + counters.DroppedBuffers + counters.OutstandingBuffers);
        }

        private static void Add(ref (long Buffers, long Bytes) sum, int bytes) => sum = (sum.Buffers + 1, sum.Bytes + bytes);
    }
}
