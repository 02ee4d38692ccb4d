using System;
using System.Buffers;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A client's memory whose owner was disposed under an operation: that client's failure, and nobody else's.</summary>
public class ForeignMemoryTests
{
    [Fact]
    public void DisposedMemory_GivenToACall_LeavesTheTurnFree()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        var owner = new Owner(10);
        Memory<byte> memory = owner.Memory;
        owner.Dispose();
        Func<Task>[] calls =
        [
            () => handle.ReadAsync(memory).AsTask(),
            () => handle.ReceiveAsync(memory).AsTask(),
            () => handle.WriteAsync(memory).AsTask(),
            () => handle.SendAsync(memory).AsTask(),
            () => handle.WriteMessageAsync(memory).AsTask(),
        ];
        Assert.All(calls, static call => Assert.Throws<ObjectDisposedException>(() => { _ = call(); }));
        AssertUsable(bed);
    }

    [Fact]
    public void MemoryDisposedWhileItsReadWaits_FailsThatReadAndLosesNothing()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        var owner = new Owner(10);
        Task<int> reading = handle.ReadAsync(owner.Memory).AsTask();
        Task<int> behind = handle.ReadAsync(new byte[10]).AsTask();
        bed.Settle();
        owner.Dispose();
        Assert.True(bed.Device.Deliver(DefBed.Down, [1, 2, 3]));
        _ = bed.Failure<ObjectDisposedException>(reading);
        Assert.Equal(3, bed.Result(behind));
        AssertUsable(bed);
    }

    [Fact]
    public void MemoryDisposedInTheQueue_FailsThatReadAndServesTheNext()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        var owner = new Owner(10);
        Task<int> first = handle.ReadAsync(new byte[10]).AsTask();
        Task<int> second = handle.ReadAsync(owner.Memory).AsTask();
        Task<int> third = handle.ReadAsync(new byte[10]).AsTask();
        bed.Settle();
        owner.Dispose();
        Assert.True(bed.Device.Deliver(DefBed.Down, [1]));
        Assert.True(bed.Device.Deliver(DefBed.Down, [2, 3]));
        Assert.Equal(1, bed.Result(first));
        _ = bed.Failure<ObjectDisposedException>(second);
        Assert.Equal(2, bed.Result(third));
        AssertUsable(bed);
    }

    [Fact]
    public void MemoryDisposedWhileItsWriteWaits_FailsThatWriteAndServesTheNext()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        var owner = new Owner(10);
        Task<int> writing = handle.WriteAsync(owner.Memory).AsTask();
        Task<int> behind = handle.WriteAsync(new byte[] { 5 }).AsTask();
        bed.Settle();
        owner.Dispose();
        _ = bed.Device.CompletePackets(DefBed.Up, 1);
        _ = bed.Failure<ObjectDisposedException>(writing);
        Assert.Equal(1, bed.Result(behind));
        AssertUsable(bed);
    }

    private static void AssertUsable(DefBed bed)
    {
        Assert.Equal(0, bed.Counters.Waiters);
        bed.Until(() => bed.Device.CompletePackets(DefBed.Up) >= 0 && bed.Counters.OutstandingBuffers == 0);
        UciHandle other = bed.Open(nonBlocking: true);
        Assert.Equal(1, other.Write([7]));
        Assert.True(bed.Device.Deliver(DefBed.Down, [1, 2, 3]));
        bed.Until(() => other.Poll().HasFlag(UciPollEvents.In));
        Assert.Equal(3, other.Read(new byte[10]));
    }

    /// <summary>Memory that cannot be reached any more once it is disposed, as pooled or native memory.</summary>
    private sealed class Owner(int length) : MemoryManager<byte>
    {
        private byte[]? _bytes = new byte[length];

        public void Dispose() => _bytes = null;

        public override Span<byte> GetSpan() => _bytes ?? throw new ObjectDisposedException(nameof(Owner));

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing) => _bytes = null;
    }
}
