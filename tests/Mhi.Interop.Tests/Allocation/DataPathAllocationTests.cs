using System;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Interop.Tests.Allocation;

public sealed class DataPathAllocationTests : IDisposable
{
    private const int Repetitions = 1_000;

    private readonly MappedMemory _memory = MappedMemory.Allocate(65536);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void SharedMemoryAccess_AllocatesNothing()
    {
        SharedRing<ulong> ring = _memory.Ring<ulong>(0, 256);
        SharedWord word = _memory.Word(4096);
        BufferSlab slab = _memory.Slab(8192, 4, 4096);
        var array = new MaskedArray<uint>(64);

        Assert.Equal(0, AllocatedBytes(i =>
        {
            ring.Write(i, ring.Read(i + 1) + 1);
            word.WriteRelease(word.ReadAcquire() + 1);
            slab.Slice(i, 64)[0]++;
            array[i]++;
        }));
    }

    [Fact]
    public void EventFds_AllocateNothing()
    {
        using var interrupt = new EventFd();
        var set = new EventFdSet([interrupt]);

        Assert.Equal(0, AllocatedBytes(i =>
        {
            interrupt.Signal();
            _ = set.Wait(-1);
            interrupt.Signal();
            _ = interrupt.Drain();
        }));
    }

    [Fact]
    public void Parker_AllocatesNothing()
    {
        var parker = new Parker();

        Assert.Equal(0, AllocatedBytes(i =>
        {
            parker.Announce();
            parker.Wake();
            parker.Park(TimeSpan.FromMilliseconds(1));
        }));
    }

    private static long AllocatedBytes(Action<uint> operation)
    {
        operation(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < Repetitions; i++)
        {
            operation(i);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
