using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
#pragma warning disable xUnit1031

namespace Mhi.Runtime.Tests.Uci;

public class SmokeTests
{
    [Fact]
    public void Echo()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] buffer = new byte[5000];
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(100, handle.Write(buffer.AsSpan(0, 100)));
            Assert.Equal(100, handle.Read(buffer, UciBed.Long));
        }
    }

    [Fact]
    public async Task EchoAsync()
    {
        using var bed = new UciBed();
        await using UciHandle handle = bed.Open();
        byte[] buffer = new byte[5000];
        for (int i = 0; i < 1000; i++)
        {
            ValueTask<int> read = handle.ReadAsync(buffer.AsMemory(0, 200));
            Assert.Equal(100, await handle.WriteAsync(buffer.AsMemory(0, 100)));
            Assert.Equal(100, await read);
        }
    }

    [Fact]
    public void Removal()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        bed.Device.Send(1, 2, 3);
        Assert.Equal(UciPollEvents.In, handle.Poll(UciPollEvents.In, UciBed.Long) & UciPollEvents.In);
        var waiting = Task.Run(() => { using UciHandle h2 = bed.Open(); _ = h2.Read(new byte[3]); return Assert.Throws<UciDeviceRemovedException>(() => h2.Read(new byte[3])); });
        while (bed.Node.Counters.Waiters == 0) { Thread.Yield(); }
        bed.Host.Remove(bed.Controller);
        Assert.True(waiting.Wait(UciBed.Soon));
        Assert.Throws<UciDeviceRemovedException>(() => handle.Write(new byte[3]));
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
    }

    [Fact]
    public void LongWrite()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] data = new byte[5 * 4096];
        Random.Shared.NextBytes(data);
        Task<UciSendResult> sending = Task.Run(() => handle.Send(data));
        byte[] back = new byte[data.Length];
        int n = 0; int ends = 0;
        while (n < data.Length) { UciReceiveResult r = handle.Receive(back.AsSpan(n), UciBed.Long); n += r.Count; ends += r.EndOfMessage ? 1 : 0; }
        Assert.True(data.AsSpan().SequenceEqual(back));
        Assert.Equal(2, ends);
        Assert.Equal(2, sending.Result.Packets);
        handle.Flush(UciBed.Long);
        UciCounters c = bed.Node.Counters;
        Assert.Equal(data.Length, c.CompletedBytes);
        Assert.Equal(3, c.PostedBuffers + c.PendingBuffers + c.CurrentBuffers + c.DeferredBuffers);
    }

    [Fact]
    public void ManyOpeners()
    {
        using var bed = new UciBed(linger: TimeSpan.Zero);
        for (int round = 0; round < 200; round++)
        {
            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                using UciHandle handle = bed.Open();
                byte[] buffer = new byte[10];
                Assert.Equal(10, handle.Write(buffer, UciBed.Long));
                Assert.Equal(10, handle.Read(buffer, UciBed.Long));
            });
        }
        Assert.Equal(bed.Device.Starts, bed.Device.Stops);
    }

    [Fact]
    public void CancelRaces()
    {
        using var bed = new UciBed();
        using UciHandle handle = bed.Open();
        byte[] buffer = new byte[16];
        int got = 0, sent = 0;
        for (int i = 0; i < 5000; i++)
        {
            using var cts = new CancellationTokenSource();
            ValueTask<int> read = handle.ReadAsync(buffer, cts.Token);
            Task canceller = Task.Run(cts.Cancel);
            if (i % 2 == 0) { handle.Write([1], UciBed.Long); sent++; }
            try { got += read.AsTask().GetAwaiter().GetResult(); } catch (OperationCanceledException) { }
            canceller.Wait();
        }
        while (got < sent) { got += handle.Read(buffer, UciBed.Long); }
        Assert.Equal(sent, got);
        Assert.Equal(0, bed.Node.Counters.Waiters);
    }
}
