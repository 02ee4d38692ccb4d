using System;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Memory;

/// <summary>The SIGBUS handler of the process and the table it looks into.</summary>
/// <remarks>
/// Safe because table and code are never freed and never move, and the handler finds a range by a single word that is
/// published last and withdrawn first.
/// </remarks>
internal static unsafe class FaultHandler
{
    /// <summary>Most guarded ranges at a time.</summary>
    internal const int Slots = 4096;

    private static readonly Lock s_lock = new();
    private static readonly FaultSlot* s_table = (FaultSlot*)NativeMemory.AllocZeroed(Slots, (nuint)sizeof(FaultSlot));
    private static readonly bool[] s_isTaken = new bool[Slots];
    private static int s_search;
    private static bool s_isInstalled;

    /// <summary>Faults in guarded ranges so far.</summary>
    internal static uint* Counter { get; } = (uint*)NativeMemory.AllocZeroed(64);

    internal static void Install()
    {
        lock (s_lock)
        {
            if (s_isInstalled)
            {
                return;
            }

            Libc.SignalAction previous;
            if (Libc.Action(Libc.SignalBus, null, &previous) != 0)
            {
                throw new SystemCallException("sigaction", "learn what handles SIGBUS");
            }

            byte* code = MapCode(previous.Handler);

            // Signal mask and stack as the handler before wants them: it may be called in place of this one.
            Libc.SignalAction action = previous;
            action.Handler = (nuint)code;
            action.Flags = Libc.ActionSignalInfo | Libc.ActionRestart | (previous.Flags & Libc.ActionOnStack);
            if (Libc.Action(Libc.SignalBus, &action, null) != 0)
            {
                throw new SystemCallException("sigaction", "handle SIGBUS");
            }

            s_isInstalled = true;
        }
    }

    /// <summary>Takes a free slot; it guards nothing until its range is set.</summary>
    /// <returns>The slot; null if all are taken.</returns>
    internal static FaultSlot* Take()
    {
        lock (s_lock)
        {
            for (int i = 0; i < Slots; i++)
            {
                int index = (s_search + i) % Slots;
                if (!s_isTaken[index])
                {
                    s_isTaken[index] = true;
                    s_search = index + 1;
                    return s_table + index;
                }
            }

            return null;
        }
    }

    internal static void Free(FaultSlot* slot)
    {
        Volatile.Write(ref slot->Range, 0);
        lock (s_lock)
        {
            s_isTaken[(int)(slot - s_table)] = false;
        }
    }

    internal static int CreateFile(ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name)
        {
            int descriptor = Libc.CreateMemoryFile(start, Libc.MemfdCloseOnExec);
            return descriptor >= 0 ? descriptor : throw new SystemCallException("memfd_create", "guard mappings against their end");
        }
    }

    /// <summary>Appends to a file; closes it when that fails.</summary>
    internal static void WriteFile(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            if (Libc.Write(descriptor, start, (nuint)bytes.Length) != bytes.Length)
            {
                var exception = new SystemCallException("write", "guard mappings against their end");
                _ = Libc.Close(descriptor);
                throw exception;
            }
        }
    }

    // By way of a file: memory that was ever writable need not become executable, which hardened systems refuse.
    private static byte* MapCode(nuint previous)
    {
        ReadOnlySpan<byte> code = FaultCode.Bytes;
        int descriptor = CreateFile("mhi-fault"u8);
        nuint length = (nuint)(code.Length + (FaultCode.Words * sizeof(ulong)));
        byte* address = Libc.Truncate(descriptor, (long)length) == 0
            ? (byte*)Libc.Map(null, length, Libc.ProtectionRead | Libc.ProtectionExecute, Libc.MapShared, descriptor, 0)
            : (byte*)-1;
        if (address == (byte*)-1)
        {
            var exception = new SystemCallException("mmap", "map the code that handles SIGBUS (does this system forbid executable mappings?)");
            _ = Libc.Close(descriptor);
            throw exception;
        }

        // 0 and 1 mean that there was no handler; the code holds the one for that.
        Span<ulong> words =
        [
            (nuint)s_table,
            (nuint)(s_table + Slots),
            (nuint)Counter,
            previous > 1 ? previous : (nuint)(address + FaultCode.Die),
        ];
        WriteFile(descriptor, code);
        WriteFile(descriptor, MemoryMarshal.AsBytes(words));
        _ = Libc.Close(descriptor);
        return address;
    }
}
