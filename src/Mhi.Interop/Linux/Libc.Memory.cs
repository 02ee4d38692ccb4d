using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>mmap(2), munmap(2), memfd_create(2), ftruncate(2).</summary>
internal static unsafe partial class Libc
{
    internal const int ProtectionRead = 1;
    internal const int ProtectionWrite = 2;
    internal const int ProtectionExecute = 4;
    internal const int MapShared = 1;
    internal const int MapPrivate = 2;
    internal const int MapFixed = 0x10;
    internal const int MapAnonymous = 0x20;
    internal const int MapNoReserve = 0x4000;
    internal const uint MemfdCloseOnExec = 1;
    internal const uint MemfdAllowSealing = 2;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    internal static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true)]
    internal static partial int CreateMemoryFile(byte* name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate(int descriptor, long length);
}
