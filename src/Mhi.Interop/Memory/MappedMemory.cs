using System;
using System.Numerics;
using Mhi.Interop.Linux;
using Mhi.Interop.Sockets;

namespace Mhi.Interop.Memory;

/// <summary>
/// Page-aligned, zeroed memory outside the managed heap, shared by descriptor so that a device in another process can
/// map it too.
/// </summary>
/// <remarks>
/// Safe as long as nothing made from it (<see cref="SharedRing{T}"/>, <see cref="SharedWord"/>, <see cref="BufferSlab"/>,
/// <see cref="MemoryWindow"/>, spans) is used after <see cref="Dispose"/>. There is no finalizer on purpose: memory that
/// its owner forgot is leaked, never taken away under a span. Not thread-safe to dispose; everything else may be called
/// from any thread.
/// </remarks>
public sealed unsafe class MappedMemory : IDisposable
{
    private const long HugePage = 2 << 20;

    private readonly FaultGuard? _guard;
    private byte* _base;
    private int _descriptor;

    private MappedMemory(byte* address, long length, int descriptor, FaultGuard? guard)
    {
        _base = address;
        _descriptor = descriptor;
        _guard = guard;
        Length = length;
    }

    /// <summary>Length in bytes; a multiple of the page size when it was allocated here.</summary>
    public long Length { get; }

    /// <summary>
    /// Whether an access found that the file of another process had no such page any more, because it was cut or its file
    /// system is full. From then on the mapping is private memory. May be read by any thread.
    /// </summary>
    public bool IsGone => _guard is { HasFaulted: true };

    /// <summary>Where the mapping begins, for system calls that take it.</summary>
    internal byte* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_base == null, this);
            return _base;
        }
    }

    /// <summary>Maps new memory.</summary>
    /// <param name="length">Bytes wanted, rounded up to whole pages.</param>
    /// <returns>The memory, all zero.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static MappedMemory Allocate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return Create(RoundUp(length, Environment.SystemPageSize), 0, Environment.SystemPageSize);
    }

    /// <summary>
    /// Maps new memory for the DMA of hardware: not copied into programs that this process starts, and, where there is much of
    /// it, on huge pages if the system has some, so that an IOMMU needs few entries for it.
    /// </summary>
    /// <param name="length">Bytes wanted, rounded up to whole pages of either size.</param>
    /// <param name="hugePages">Whether huge pages are wanted.</param>
    /// <returns>The memory, all zero; it begins at a multiple of 2 MiB when it has that many bytes.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static MappedMemory AllocateForHardware(long length, bool hugePages)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        MappedMemory memory = (hugePages ? TryCreateHuge(length) : null)
            ?? Create(RoundUp(length, Environment.SystemPageSize), 0, length >= HugePage ? HugePage : Environment.SystemPageSize);

        // Neither can fail in a way that matters: the memory is what it was.
        if (hugePages && length >= HugePage)
        {
            _ = Libc.Advise(memory._base, (nuint)memory.Length, Libc.AdviseHugePages);
        }

        _ = Libc.Advise(memory._base, (nuint)memory.Length, Libc.AdviseDontFork);
        return memory;
    }

    /// <summary>A second descriptor of the memory, to be sent to another process.</summary>
    /// <returns>The descriptor.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public FileDescriptor Share()
    {
        ObjectDisposedException.ThrowIf(_base == null, this);
        return FileDescriptor.Duplicate(_descriptor, "share DMA memory");
    }

    /// <summary>A range of the memory as a span.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <returns>The span; it must not outlive this object.</returns>
    public Span<byte> Slice(long offset, int length)
    {
        CheckRange(offset, length, 1);
        return new Span<byte>(_base + offset, length);
    }

    /// <summary>A ring of elements inside the memory.</summary>
    /// <typeparam name="T">Element type.</typeparam>
    /// <param name="offset">First byte, a multiple of the element size.</param>
    /// <param name="elements">Number of elements, a power of two.</param>
    /// <returns>The ring.</returns>
    public SharedRing<T> Ring<T>(long offset, int elements)
        where T : unmanaged
    {
        if (!BitOperations.IsPow2(elements))
        {
            throw new ArgumentOutOfRangeException(nameof(elements), elements, "A ring needs a power of two of elements, so that a mask proves every index.");
        }

        CheckRange(offset, (long)elements * sizeof(T), sizeof(T));
        return new SharedRing<T>((T*)(_base + offset), (uint)elements - 1);
    }

    /// <summary>One 32-bit word of the memory.</summary>
    /// <param name="offset">Its first byte, a multiple of 4.</param>
    /// <returns>The word.</returns>
    public SharedWord Word(long offset)
    {
        CheckRange(offset, sizeof(uint), sizeof(uint));
        return new SharedWord((uint*)(_base + offset));
    }

    /// <summary>A slab of equal buffers inside the memory.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="buffers">Number of buffers, a power of two.</param>
    /// <param name="stride">Bytes of one buffer.</param>
    /// <returns>The slab.</returns>
    public BufferSlab Slab(long offset, int buffers, int stride)
    {
        if (!BitOperations.IsPow2(buffers))
        {
            throw new ArgumentOutOfRangeException(nameof(buffers), buffers, "A slab needs a power of two of buffers, so that a mask proves every index.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        CheckRange(offset, (long)buffers * stride, 1);
        return new BufferSlab(_base + offset, (uint)stride, (uint)buffers - 1);
    }

    /// <summary>A range of the memory whose accesses are checked one by one.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <returns>The range.</returns>
    public MemoryWindow Window(long offset, long length)
    {
        CheckRange(offset, length, 1);
        return new MemoryWindow(_base + offset, (ulong)length);
    }

    /// <summary>Unmaps the memory. Nothing made from it may be used afterwards.</summary>
    public void Dispose()
    {
        if (_base == null)
        {
            return;
        }

        _guard?.Dispose();
        _ = Libc.Unmap(_base, (nuint)Length);
        _ = Libc.Close(_descriptor);
        _base = null;
        _descriptor = -1;
    }

    /// <summary>Maps a file that another process may cut, from its beginning, and takes its descriptor over.</summary>
    /// <param name="descriptor">The file; not taken over when the call fails.</param>
    /// <param name="length">Bytes, not more than the file has.</param>
    /// <param name="writable">Whether the mapping can be written.</param>
    /// <param name="contents">What it reads as once the file behind it has gone.</param>
    /// <returns>The memory.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="NotSupportedException">There are too many such mappings, or this one is too large.</exception>
    internal static MappedMemory MapForeign(int descriptor, long length, bool writable, FaultContents contents)
    {
        byte* address = MapShared(descriptor, length, writable);
        try
        {
            return new MappedMemory(address, length, descriptor, FaultGuard.Protect(address, length, contents));
        }
        catch
        {
            _ = Libc.Unmap(address, (nuint)length);
            throw;
        }
    }

    private static long RoundUp(long length, long unit) => checked(length + unit - 1) & -unit;

    // Reserved by the administrator; none, or too few, is what most systems have.
    private static MappedMemory? TryCreateHuge(long length)
    {
        long rounded = RoundUp(length, HugePage);
        if (length < HugePage || rounded - length > length / 4)
        {
            return null;
        }

        try
        {
            return Create(rounded, Libc.MemfdHugePages | Libc.MemfdHuge2MiB, HugePage);
        }
        catch (SystemCallException)
        {
            return null;
        }
    }

    private static MappedMemory Create(long length, uint pageFlags, long alignment)
    {
        int descriptor;
        fixed (byte* name = "mhi-dma"u8)
        {
            descriptor = Libc.CreateMemoryFile(name, Libc.MemfdCloseOnExec | Libc.MemfdAllowSealing | pageFlags);
        }

        if (descriptor < 0)
        {
            throw new SystemCallException("memfd_create", "allocate DMA memory");
        }

        try
        {
            if (Libc.Truncate(descriptor, length) != 0)
            {
                throw new SystemCallException("ftruncate", $"allocate {length} bytes of DMA memory");
            }

            // Whoever gets it shared cannot take pages away under this process.
            if (Libc.Control(descriptor, Libc.AddSeals, Libc.SealShrink | Libc.SealSeal) != 0)
            {
                throw new SystemCallException("fcntl", "seal DMA memory");
            }

            byte* address = alignment > Environment.SystemPageSize ? MapAligned(descriptor, length, alignment) : MapShared(descriptor, length, writable: true);
            return new MappedMemory(address, length, descriptor, null);
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    /// <summary>Reserves more than needed, maps where it is aligned, and gives the rest back.</summary>
    private static byte* MapAligned(int descriptor, long length, long alignment)
    {
        long reserved = length + alignment;
        var start = (byte*)Libc.Map(null, (nuint)reserved, Libc.ProtectionNone, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if (start == (byte*)-1)
        {
            throw new SystemCallException("mmap", $"reserve {reserved} bytes for DMA memory");
        }

        var address = (byte*)RoundUp((long)start, alignment);
        if (Libc.Map(address, (nuint)length, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared | Libc.MapFixed, descriptor, 0) == (void*)-1)
        {
            var exception = new SystemCallException("mmap", $"map {length} bytes of DMA memory");
            _ = Libc.Unmap(start, (nuint)reserved);
            throw exception;
        }

        if (address != start)
        {
            _ = Libc.Unmap(start, (nuint)(address - start));
        }

        byte* end = address + length;
        _ = Libc.Unmap(end, (nuint)(start + reserved - end));
        return address;
    }

    private static byte* MapShared(int descriptor, long length, bool writable)
    {
        int protection = writable ? Libc.ProtectionRead | Libc.ProtectionWrite : Libc.ProtectionRead;
        void* address = Libc.Map(null, (nuint)length, protection, Libc.MapShared, descriptor, 0);
        return address == (void*)-1 ? throw new SystemCallException("mmap", $"map {length} bytes of DMA memory") : (byte*)address;
    }

    private void CheckRange(long offset, long length, int alignment)
    {
        ObjectDisposedException.ThrowIf(_base == null, this);
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes from here do not lie inside the {Length} bytes of the mapping.");
        }

        if (offset % alignment != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The offset must be a multiple of {alignment}.");
        }
    }
}
