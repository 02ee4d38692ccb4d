using System;
using System.Runtime.CompilerServices;
using Mhi.Interop.Threading;

namespace Mhi.InstructionCount.Workloads;

/// <summary>Elements of 8 bytes through the hand-off ring, pushed and popped by one thread.</summary>
/// <remarks>The sum of what came out is checked, which also keeps the compiler from dropping the work.</remarks>
internal static class HandoffWorkload
{
    private const int Capacity = 64;

    public static void RunSingle(int elements) => Check(Single(new HandoffRing<ulong>(Capacity), elements), elements);

    public static void RunSingleInBursts(int elements) => Check(SingleInBursts(new HandoffRing<ulong>(Capacity), elements), elements);

    public static void RunBulk(int elements) => Check(Bulk(new HandoffRing<ulong>(Capacity), elements), elements);

    /// <summary>Compares a sum with that of the numbers from 0 on.</summary>
    public static void Check(ulong sum, int elements)
    {
        if (sum != (ulong)elements * (ulong)(elements - 1) / 2)
        {
            throw new InvalidOperationException("What came out of the queue is not what went in.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Single(HandoffRing<ulong> ring, int elements)
    {
        ulong sum = 0;
        for (ulong i = 0; i < (ulong)elements; i++)
        {
            _ = ring.TryPush(i);
            _ = ring.TryPop(out ulong value);
            sum += value;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SingleInBursts(HandoffRing<ulong> ring, int elements)
    {
        ulong sum = 0;
        for (ulong i = 0; i < (ulong)elements; i += AllWorkloads.Burst)
        {
            for (ulong n = 0; n < AllWorkloads.Burst; n++)
            {
                _ = ring.TryPush(i + n);
            }

            for (int n = 0; n < AllWorkloads.Burst; n++)
            {
                _ = ring.TryPop(out ulong value);
                sum += value;
            }
        }

        return sum;
    }

    // The elements of a burst are the same numbers each time, so that making them is not counted; the sum is made up for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Bulk(HandoffRing<ulong> ring, int elements)
    {
        Span<ulong> burst = stackalloc ulong[AllWorkloads.Burst];
        Span<ulong> taken = stackalloc ulong[AllWorkloads.Burst];
        for (int n = 0; n < burst.Length; n++)
        {
            burst[n] = (ulong)n;
        }

        ulong sum = 0;
        for (int i = 0; i < elements; i += AllWorkloads.Burst)
        {
            int pushed = ring.PushMany(burst);
            int popped = ring.PopMany(taken);
            sum += ((ulong)i * (ulong)popped) + (ulong)(pushed - AllWorkloads.Burst);
        }

        ulong last = 0;
        foreach (ulong value in taken)
        {
            last += value;
        }

        return sum + (last * ((ulong)elements / AllWorkloads.Burst));
    }
}
