using System;
using System.Buffers.Binary;
using System.Threading;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class SharedWordTests : IDisposable
{
    private readonly MappedMemory _memory = MappedMemory.Allocate(4096);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void WriteRelease_StoresFourBytesAndNoMore()
    {
        _memory.Slice(0, 16).Fill(0xff);

        _memory.Word(4).WriteRelease(0x1122_3344);

        Assert.Equal(0x1122_3344u, BinaryPrimitives.ReadUInt32LittleEndian(_memory.Slice(4, 4)));
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(_memory.Slice(0, 4)));
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(_memory.Slice(8, 4)));
    }

    [Fact]
    public void ReadAcquire_SeesWhatTheMemoryHolds()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_memory.Slice(4092, 4), 0xdead_beef);

        Assert.Equal(0xdead_beefu, _memory.Word(4092).ReadAcquire());
    }

    [Fact]
    public void WriteRelease_PublishesTheElementsStoredBefore()
    {
        const uint Count = 200_000;
        SharedRing<ulong> ring = _memory.Ring<ulong>(1024, 16);
        SharedWord published = _memory.Word(0);
        SharedWord consumed = _memory.Word(64);
        uint wrong = 0;
        var consumer = new Thread(() =>
        {
            var spin = default(SpinWait);
            for (uint i = 0; i < Count; i++)
            {
                while (published.ReadAcquire() == i)
                {
                    spin.SpinOnce(-1);
                }

                wrong += ring.Read(i) == i * 3UL ? 0u : 1u;
                consumed.WriteRelease(i + 1);
            }
        })
        {
            IsBackground = true,
        };
        consumer.Start();

        var spin = default(SpinWait);
        for (uint i = 0; i < Count; i++)
        {
            while (i - consumed.ReadAcquire() == ring.Count)
            {
                spin.SpinOnce(-1);
            }

            ring.Write(i, i * 3UL);
            published.WriteRelease(i + 1);
        }

        Assert.True(consumer.Join(TimeSpan.FromMinutes(1)), "The consumer did not see the last element.");
        Assert.Equal(0u, wrong);
    }
}
