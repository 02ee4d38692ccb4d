using System;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>When a call returns 0, and that it never does otherwise.</summary>
public class ZeroTests
{
    private const string Zero = "A read or write returns 0 only for a request of no bytes (Receive also for an empty packet).";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [UciClause(118, Zero)]
    public async Task UCI_118_WhateverTheDeviceDoes(int seed)
    {
        var random = new Random(seed);
        using var bed = new RemovalBed(elements: 8);
        await using var stream = new UciStream(bed.Open());
        UciHandle handle = stream.Handle;
        byte[] data = new byte[250];
        long sent = 0;
        long read = 0;
        for (int round = 0; round < 300; round++)
        {
            int length = random.Next(4) == 0 ? 0 : random.Next(1, RemovalBed.Mtu);
            CompletionCode code = random.Next(8) switch
            {
                0 => CompletionCode.UndefinedError,
                1 => CompletionCode.Overflow,
                _ => CompletionCode.EndOfTransfer,
            };
            if (bed.Device.DeliverPiece(RemovalBed.Downlink, data.AsSpan(0, length), code))
            {
                sent += code == CompletionCode.UndefinedError ? 0 : length;
            }

            while (read < sent && random.Next(3) != 0)
            {
                Memory<byte> destination = data.AsMemory(0, random.Next(1, data.Length));
                int count = random.Next(3) switch
                {
                    0 => handle.Read(destination.Span, UciBed.Long),
                    1 => await handle.ReadAsync(destination, UciBed.Long),
                    _ => await stream.ReadAsync(destination),
                };
                Assert.InRange(count, 1, destination.Length);
                read += count;
            }
        }

        OpenBed.WaitUntil(() => bed.Node.Counters.ReceivedBytes == sent, "everything has arrived");
        bed.LeaveAndSee((Leaving)(seed % 4));
        while (read < sent)
        {
            int count = stream.Read(data);
            Assert.InRange(count, 1, data.Length);
            read += count;
        }

        RemovalBed.AssertRemoved(() => Assert.Equal(1, stream.Read(data)));
        RemovalBed.AssertRemoved(() => stream.Write(data));
        RemovalBed.AssertRemoved(() => handle.Read(data));
    }

    [Fact]
    [UciClause(118, Zero)]
    public void UCI_118_AChannelThatWasReset()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        bed.Deliver(1);
        OpenBed.WaitUntil(() => bed.Device.Outstanding(RemovalBed.Downlink).Length == 2, "the rest is posted");
        bed.Device.Complete(RemovalBed.Downlink, k: 1);
        Assert.Equal(1, handle.Read(new byte[5], UciBed.Long));
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, () => handle.Read(new byte[5], UciBed.Long));
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, () => handle.Write([1]));
    }

    [Fact]
    [UciClause(118, Zero)]
    public void UCI_118_ARequestOfNoBytes()
    {
        using var bed = new RemovalBed(entry: new UciTableEntry("LOOPBACK", RemovalBed.Mtu) { DeliverEmptyPackets = true });
        using UciHandle handle = bed.Open();
        Assert.Equal(0, handle.Write([]));
        Assert.Equal(new UciSendResult(0, 0), handle.Send([]));
        Assert.Equal(0, bed.Node.Counters.QueuedBuffers);

        // A read of nothing waits all the same, and an empty packet is nothing to a reader of bytes.
        Task<int> nothing = OpenBed.OnThread(() => handle.Read([]));
        bed.UntilWaiting(1);
        bed.Deliver();
        bed.Deliver(1);
        Assert.Equal(0, RemovalBed.Soon(nothing));
        Assert.Equal(1, handle.Read(new byte[5], UciBed.Long));

        bed.Deliver();
        Assert.Equal(new UciReceiveResult(0, true, false), handle.Receive(new byte[5], UciBed.Long));
    }
}
