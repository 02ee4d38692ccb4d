using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Mhi.Interop.Linux;

/// <summary>futex(2), which the C library offers only through syscall(2).</summary>
internal static unsafe partial class Libc
{
    private const int FutexWaitPrivate = 0 | 128;
    private const int FutexWakePrivate = 1 | 128;

    /// <summary>Number of the futex system call on this architecture.</summary>
    private static readonly nint s_futexNumber = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => throw new PlatformNotSupportedException("Mhi runs on x64 and arm64 Linux; this process is neither."),
    };

    /// <summary>Sleeps while the word has a value, until woken or until the time is over; may return for no reason.</summary>
    /// <param name="word">The word.</param>
    /// <param name="expected">The value.</param>
    /// <param name="timeout">Longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.</param>
    internal static void WaitOnFutex(int* word, int expected, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            _ = Futex(s_futexNumber, word, FutexWaitPrivate, expected, null, 0, 0);
        }
        else if (timeout > TimeSpan.Zero)
        {
            var limit = new TimeSpecification
            {
                Seconds = timeout.Ticks / TimeSpan.TicksPerSecond,
                Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
            };
            _ = Futex(s_futexNumber, word, FutexWaitPrivate, expected, &limit, 0, 0);
        }
    }

    /// <summary>Wakes one thread that sleeps on a word.</summary>
    /// <param name="word">The word.</param>
    internal static void WakeFutex(int* word) => _ = Futex(s_futexNumber, word, FutexWakePrivate, 1, null, 0, 0);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Futex(nint number, int* word, nint operation, nint value, TimeSpecification* timeout, nint word2, nint value3);

    /// <summary>struct timespec on 64-bit Linux: 16 bytes.</summary>
    internal struct TimeSpecification
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
