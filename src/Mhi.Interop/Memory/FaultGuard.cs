using System;
using System.Threading;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Memory;

/// <summary>
/// Keeps the process alive when the memory behind a mapping goes away: a file that its owner cuts, the registers of a device
/// that is pulled out. The access then finds private memory instead of SIGBUS, and the range is marked.
/// </summary>
/// <remarks>
/// <para>An access costs nothing; the owner looks at <see cref="HasFaulted"/> when it suits, or at <see cref="Faults"/>
/// first, which is one word for all ranges. Faults elsewhere go where they went before.</para>
/// <para>Safe while the mapping exists; dispose the guard before the mapping is taken away, when no access is under
/// way any more. May be created, read and disposed by any thread.</para>
/// </remarks>
public sealed unsafe class FaultGuard : IDisposable
{
    private readonly int _contents;
    private FaultSlot* _slot;
    private bool _hasFaulted;

    private FaultGuard(FaultSlot* slot, int contents)
    {
        _slot = slot;
        _contents = contents;
    }

    /// <summary>How often any guarded range of the process has faulted. May be read by any thread.</summary>
    public static uint Faults => Volatile.Read(ref *FaultHandler.Counter);

    /// <summary>Whether the range has faulted; from then on it is private memory that nobody else sees.</summary>
    public bool HasFaulted => _slot == null ? _hasFaulted : Volatile.Read(ref _slot->HasFaulted) != 0;

    /// <summary>Puts the handler in place. Done by the first guard too; here it can fail early.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void Install() => FaultHandler.Install();

    /// <summary>Gives up guarding. The mapping must not be accessed any more.</summary>
    public void Dispose()
    {
        if (_slot == null)
        {
            return;
        }

        _hasFaulted = HasFaulted;
        FaultHandler.Free(_slot);
        _slot = null;
        if (_contents >= 0)
        {
            _ = Libc.Close(_contents);
        }
    }

    /// <summary>Guards a mapping.</summary>
    /// <param name="address">Its first byte, at the beginning of a page.</param>
    /// <param name="length">Its length; guarded to the end of the last page.</param>
    /// <param name="contents">What it reads as afterwards.</param>
    /// <returns>The guard.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="NotSupportedException">There are too many guarded ranges, or this one is too large.</exception>
    internal static FaultGuard Protect(byte* address, long length, FaultContents contents)
    {
        Install();
        long bytes = (length + Environment.SystemPageSize - 1) & -(long)Environment.SystemPageSize;
        if ((ulong)bytes >> FaultSlot.PageShift > FaultSlot.MaxPages)
        {
            throw new NotSupportedException($"A mapping of {length} bytes cannot be guarded against its end; at most {FaultSlot.MaxPages << FaultSlot.PageShift} can.");
        }

        int descriptor = contents == FaultContents.Ones ? CreateOnes(bytes) : -1;
        FaultSlot* slot = FaultHandler.Take();
        if (slot == null)
        {
            if (descriptor >= 0)
            {
                _ = Libc.Close(descriptor);
            }

            throw new NotSupportedException($"More than {FaultHandler.Slots} mappings cannot be guarded against their end at a time.");
        }

        slot->HasFaulted = 0;
        slot->Descriptor = descriptor;
        slot->MapFlags = Libc.MapPrivate | Libc.MapFixed | (descriptor >= 0 ? 0 : Libc.MapAnonymous | Libc.MapNoReserve);

        // Release: the fields above are written before the handler can find the range.
        ulong page = (nuint)address >> FaultSlot.PageShift;
        Volatile.Write(ref slot->Range, (page << FaultSlot.CountBits) | ((ulong)bytes >> FaultSlot.PageShift));
        return new FaultGuard(slot, descriptor);
    }

    /// <summary>Puts there what a fault would put there, without the fault.</summary>
    /// <param name="address">The guarded range.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    internal void Fill(byte* address, nuint length)
    {
        ObjectDisposedException.ThrowIf(_slot == null, this);
        if (Libc.Map(address, length, Libc.ProtectionRead | Libc.ProtectionWrite, _slot->MapFlags, _slot->Descriptor, 0) == (void*)-1)
        {
            throw new SystemCallException("mmap", "replace a mapping");
        }
    }

    /// <summary>Takes the mapping away as a fault would, and marks it so.</summary>
    /// <param name="address">The guarded range.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    internal void Replace(byte* address, nuint length)
    {
        Fill(address, length);
        Volatile.Write(ref _slot->HasFaulted, 1);
    }

    private static int CreateOnes(long length)
    {
        Span<byte> ones = stackalloc byte[4096];
        ones.Fill(byte.MaxValue);
        int descriptor = FaultHandler.CreateFile("mhi-ones"u8);
        for (long written = 0; written < length; written += ones.Length)
        {
            FaultHandler.WriteFile(descriptor, ones);
        }

        return descriptor;
    }
}
