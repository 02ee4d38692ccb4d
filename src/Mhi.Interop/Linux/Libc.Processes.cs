using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>posix_spawn(3), pipe2(2).</summary>
internal static unsafe partial class Libc
{
    internal const short SpawnSetSignalMask = 0x08;
    internal const short SpawnSetSession = 0x80;
    internal const int PipeCloseOnExec = 0x80000;
    internal const int ReadWrite = 2;
    internal const int SignalHangUp = 1;
    internal const int SignalInterrupt = 2;
    internal const int SignalQuit = 3;
    internal const int SignalTerminate = 15;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int CreatePipe(int* ends, int flags);

    // These return the error number.
    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    internal static partial int Spawn(int* process, byte* path, SpawnState* actions, SpawnState* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int BeginActions(SpawnState* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int AddDuplicate(SpawnState* actions, int descriptor, int newDescriptor);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int AddOpen(SpawnState* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int EndActions(SpawnState* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int BeginAttributes(SpawnState* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SetAttributeFlags(SpawnState* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SetAttributeSignalMask(SpawnState* attributes, SignalSet* mask);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int EndAttributes(SpawnState* attributes);

    /// <summary>posix_spawn_file_actions_t or posix_spawnattr_t, of which the larger has 336 bytes; only the C library looks into it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 512)]
    internal struct SpawnState
    {
        internal nuint First;
    }

    /// <summary>sigset_t: 128 bytes, the bit of signal 1 first.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SignalSet
    {
        internal ulong First;
    }
}
