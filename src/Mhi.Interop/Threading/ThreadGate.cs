using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Threading;

/// <summary>
/// Where one thread sleeps until another opens the gate: a futex without a barrier of its own, for a wait whose both sides
/// already agree through an interlocked operation.
/// </summary>
/// <remarks>One thread shuts the gate and sleeps; any thread opens it. Opening a gate that is open does nothing.</remarks>
public sealed unsafe class ThreadGate
{
    private const int Opened = 0;
    private const int Shut = 1;

    private readonly int[] _line = GC.AllocateArray<int>(1, pinned: true);
    private readonly int* _word;

    /// <summary>Creates an open gate.</summary>
    public ThreadGate()
    {
        _word = (int*)Unsafe.AsPointer(ref _line[0]);
    }

    /// <summary>Sleeper: shuts the gate, before it makes itself known to those who open.</summary>
    public void Close() => Volatile.Write(ref *_word, Shut);

    /// <summary>Sleeper: sleeps until the gate is open or the time is over.</summary>
    /// <param name="timeout">Longest sleep; <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.</param>
    /// <returns>Whether the gate is open. May be false early: look at the clock and wait again.</returns>
    public bool Wait(TimeSpan timeout)
    {
        if (Volatile.Read(ref *_word) == Opened)
        {
            return true;
        }

        Libc.WaitOnFutex(_word, Shut, timeout);
        return Volatile.Read(ref *_word) == Opened;
    }

    /// <summary>Opens the gate and wakes the sleeper.</summary>
    public void Open()
    {
        // The exchange orders what the opener did before against the sleeper's next look, and makes the call once.
        if (Interlocked.Exchange(ref *_word, Opened) == Shut)
        {
            Libc.WakeFutex(_word);
        }
    }
}
