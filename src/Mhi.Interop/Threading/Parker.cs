using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Threading;

/// <summary>
/// Where one thread sleeps until another has made something true. Waking a thread that is not asleep costs one load.
/// </summary>
/// <remarks>
/// <para>Use: <see cref="Announce"/>, look at the condition once more, then <see cref="Park"/> or <see cref="Withdraw"/>.
/// The waker makes the condition true with a release store and then calls <see cref="Wake"/>.</para>
/// <para>No wake-up is lost although the waker has no fence: the announcing thread runs a process-wide barrier between its
/// store of the flag and its look at the condition. A waker whose load of the flag came before that barrier has its
/// earlier store visible to that look; one whose load comes later sees the flag. The cost lies with the sleeper.</para>
/// <para>One thread sleeps at a time; any thread may wake.</para>
/// </remarks>
public sealed unsafe class Parker
{
    private const int Awake = 0;
    private const int Announced = 1;

    // Pinned, and alone on its cache lines: the waker polls it beside data that the sleeper writes.
    private readonly int[] _line = GC.AllocateArray<int>(32, pinned: true);
    private readonly int* _word;

    /// <summary>Creates an empty parking place.</summary>
    public Parker()
    {
        _word = (int*)Unsafe.AsPointer(ref _line[16]);
    }

    /// <summary>Says that this thread is about to sleep, and makes every other thread's earlier stores visible to it.</summary>
    public void Announce()
    {
        Volatile.Write(ref *_word, Announced);
        Interlocked.MemoryBarrierProcessWide();
    }

    /// <summary>Takes the announcement back: the condition turned out to be true.</summary>
    public void Withdraw() => Volatile.Write(ref *_word, Awake);

    /// <summary>Sleeps until woken, until the time is over, or for no reason at all: look at the condition again.</summary>
    /// <param name="timeout">Longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.</param>
    public void Park(TimeSpan timeout)
    {
        Libc.WaitOnFutex(_word, Announced, timeout);
        Withdraw();
    }

    /// <summary>Wakes the sleeper, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Wake()
    {
        if (Volatile.Read(ref *_word) != Awake)
        {
            WakeSleeper();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WakeSleeper()
    {
        // The exchange lets one waker of several make the system call.
        if (Interlocked.Exchange(ref *_word, Awake) == Announced)
        {
            Libc.WakeFutex(_word);
        }
    }
}
