using System;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>Measures what code allocates on this thread.</summary>
internal static class Allocated
{
    /// <summary>
    /// The fewest bytes of several runs: what the runtime itself allocates once, when it recompiles something, hits one of
    /// them; what the code allocates is in every one.
    /// </summary>
    internal static long FewestBytes(Action run)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
