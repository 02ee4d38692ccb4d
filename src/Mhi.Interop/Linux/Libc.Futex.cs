using System;
using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>futex(2), which the C library offers only through syscall(2).</summary>
internal static unsafe partial class Libc
{
    internal const int FutexWaitPrivate = 0 | 128;
    internal const int FutexWakePrivate = 1 | 128;

    /// <summary>Number of the futex system call on this architecture.</summary>
    internal static readonly nint FutexNumber = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => throw new PlatformNotSupportedException("Mhi runs on x64 and arm64 Linux; this process is neither."),
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Futex(nint number, int* word, nint operation, nint value, TimeSpecification* timeout, nint word2, nint value3);

    /// <summary>struct timespec on 64-bit Linux: 16 bytes.</summary>
    internal struct TimeSpecification
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
