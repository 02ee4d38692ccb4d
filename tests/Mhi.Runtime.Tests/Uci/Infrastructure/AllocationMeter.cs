using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>Measures what a round of operations allocates in the whole process, and helps a round to allocate nothing itself.</summary>
internal static class AllocationMeter
{
    /// <summary>Rounds that are measured at once.</summary>
    public const int Rounds = 20;

    private const int WarmUp = 300;
    private const int Windows = 150;

    /// <summary>Something should have had to wait.</summary>
    public static void ExpectWaits(bool condition)
    {
        if (!condition)
        {
            Assert.Fail("the operation should have waited");
        }
    }

    /// <summary>Stores an operation that is under way.</summary>
    public static void Keep<T>(ref ValueTask<T> place, ValueTask<T> task) => place = task;

    /// <summary>Takes the result of an operation that need not have waited.</summary>
    public static void ExpectAtOnce<T>(ValueTask<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Assert.Fail("the operation should have completed at once");
        }

        _ = task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for an operation without the help of anything that allocates.</summary>
    public static void Finish<T>(ValueTask<T> task)
    {
        while (!task.IsCompleted)
        {
            _ = Thread.Yield();
        }

        _ = task.GetAwaiter().GetResult();
    }

    /// <summary>Not one byte, on any thread.</summary>
    public static void AssertNothingAllocated(Action round) => Assert.Equal(0, FewestBytes(round));

    /// <summary>
    /// The fewest bytes of several windows: the runtime and the test platform allocate a little now and then; what an operation
    /// allocates is in every window.
    /// </summary>
    public static long FewestBytes(Action round)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            round();
        }

        long fewest = long.MaxValue;
        for (int window = 0; window < Windows && fewest != 0; window++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Rounds; i++)
            {
                round();
            }

            fewest = Math.Min(fewest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return fewest;
    }
}
