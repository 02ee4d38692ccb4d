using System;
using System.IO;
using System.Threading;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class FaultGuardTests : IDisposable
{
    private const int Length = 1 << 20;

    private readonly SafeFileHandle _file;

    public FaultGuardTests()
    {
        string path = Path.Combine(Path.GetTempPath(), $"mhi-fault-{Guid.NewGuid():N}");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        RandomAccess.SetLength(_file, Length);
    }

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Read_OfAFileThatWasCut_FindsZerosAndMarksTheMapping()
    {
        using MappedMemory memory = Map(writable: true);
        memory.Slice(0, Length).Fill(0x5a);
        uint faults = FaultGuard.Faults;

        RandomAccess.SetLength(_file, 0);
        Assert.False(memory.IsGone);

        Assert.Equal(0, memory.Slice(Length - 1, 1)[0]);
        Assert.True(memory.IsGone);
        Assert.NotEqual(faults, FaultGuard.Faults);
        Assert.False(memory.Slice(0, Length).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Write_ToAFileThatWasCut_StaysInTheProcess()
    {
        using MappedMemory memory = Map(writable: true);
        RandomAccess.SetLength(_file, 0);

        memory.Word(4096).WriteRelease(7);

        Assert.True(memory.IsGone);
        Assert.Equal(7u, memory.Word(4096).ReadAcquire());
        Assert.Equal(0, RandomAccess.GetLength(_file));
    }

    [Fact]
    public void Copy_ThatRunsIntoTheCut_Ends()
    {
        using MappedMemory memory = Map(writable: true);
        memory.Slice(0, Length).Fill(0x5a);
        RandomAccess.SetLength(_file, Length / 2);
        byte[] copy = new byte[Length];

        memory.Slice(0, Length).CopyTo(copy);

        Assert.True(memory.IsGone);
        Assert.Equal(0, copy[^1]);
    }

    [Fact]
    public void Read_OfAFileThatIsMappedForReading_FindsZeros()
    {
        using MappedMemory memory = Map(writable: false);
        RandomAccess.SetLength(_file, 0);

        Assert.Equal(0u, memory.Word(0).ReadAcquire());
        Assert.True(memory.IsGone);
    }

    [Fact]
    public void Read_OfARangeThatBecomesOnes_FindsOnes()
    {
        using MappedMemory memory = Map(writable: true, FaultContents.Ones);
        Assert.Equal(0u, memory.Word(8192).ReadAcquire());
        RandomAccess.SetLength(_file, 0);

        Assert.Equal(uint.MaxValue, memory.Word(8192).ReadAcquire());
        Assert.True(memory.IsGone);
        Assert.False(memory.Slice(0, Length).ContainsAnyExcept(byte.MaxValue));
    }

    [Fact]
    public void Read_BeforeTheCut_MarksNothing()
    {
        using MappedMemory memory = Map(writable: true);
        memory.Slice(0, 4096).Fill(1);
        RandomAccess.SetLength(_file, 4096);

        Assert.Equal(1, memory.Slice(4095, 1)[0]);
        Assert.False(memory.IsGone);
    }

    [Fact]
    public void Fault_MarksItsOwnMappingOnly()
    {
        using MappedMemory before = MapAnother();
        using MappedMemory memory = Map(writable: true);
        using MappedMemory after = MapAnother();
        RandomAccess.SetLength(_file, 0);

        _ = memory.Word(0).ReadAcquire();

        Assert.True(memory.IsGone);
        Assert.False(before.IsGone);
        Assert.False(after.IsGone);
        before.Word(0).WriteRelease(1);
        after.Word(0).WriteRelease(1);
    }

    [Fact]
    public void IsGone_IsKeptAfterDispose_AndNotInheritedByTheNextMapping()
    {
        MappedMemory memory = Map(writable: true);
        RandomAccess.SetLength(_file, 0);
        _ = memory.Word(0).ReadAcquire();
        memory.Dispose();
        RandomAccess.SetLength(_file, Length);

        for (int i = 0; i < 5000; i++)
        {
            // More than there are places: each is free again.
            using MappedMemory next = Map(writable: true);
            Assert.False(next.IsGone);
        }

        Assert.True(memory.IsGone);
    }

    [Fact]
    public void Fault_OfSeveralThreadsAtOnce_IsHandledInAll()
    {
        using MappedMemory memory = Map(writable: true);
        RandomAccess.SetLength(_file, 0);
        using var start = new Barrier(4);
        var threads = new Thread[4];
        int zeros = 0;
        for (int i = 0; i < threads.Length; i++)
        {
            long offset = i * 4096L;
            threads[i] = new Thread(() =>
            {
                start.SignalAndWait();
                if (memory.Word(offset).ReadAcquire() == 0)
                {
                    _ = Interlocked.Increment(ref zeros);
                }
            });
            threads[i].Start();
        }

        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(threads.Length, zeros);
        Assert.True(memory.IsGone);
    }

    [Fact]
    public void SharedMemoryOfThisProcess_CannotBeCut()
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);
        using FileDescriptor shared = memory.Share();
        using var file = new SafeFileHandle(shared.DangerousGetHandle(), ownsHandle: false);

        _ = Assert.ThrowsAny<SystemException>(() => RandomAccess.SetLength(file, 0));
        memory.Word(0).WriteRelease(1);
        Assert.False(memory.IsGone);
    }

    private static MappedMemory MapAnother()
    {
        using MappedMemory memory = MappedMemory.Allocate(4096);
        using FileDescriptor descriptor = memory.Share();
        return descriptor.Map(4096, writable: true);
    }

    private MappedMemory Map(bool writable, FaultContents contents = FaultContents.Zeros)
    {
        using FileDescriptor descriptor = FileDescriptor.Of(_file);
        return descriptor.Map(Length, writable, contents);
    }
}
