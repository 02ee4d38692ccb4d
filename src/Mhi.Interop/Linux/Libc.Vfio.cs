using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>ioctl(2), pread(2), pwrite(2), madvise(2), and the limit of locked memory.</summary>
internal static unsafe partial class Libc
{
    internal const int OpenReadWrite = 2;
    internal const int AdviseDontFork = 10;
    internal const int AdviseHugePages = 14;
    internal const int LimitLockedMemory = 8;
    internal const int ProtectionNone = 0;
    internal const uint MemfdHugePages = 4;
    internal const uint MemfdHuge2MiB = 21u << 26;
    internal const int ErrorTooLarge = 90;
    internal const int ErrorNoEntry = 2;

    // Variadic in C, but on the two architectures that this runs on three arguments go where three fixed ones go.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    internal static partial nint ReadAt(int descriptor, void* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    internal static partial nint WriteAt(int descriptor, void* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetLimit(int resource, Limit* limit);

    /// <summary>struct rlimit on 64-bit Linux: 16 bytes.</summary>
    internal struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
