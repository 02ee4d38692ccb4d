using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Gateway.Loopback;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class LatencyHistogramPropertyTests
{
    private static readonly double[] s_shares = [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

    // Times of every order of magnitude, up to two seconds.
    private static readonly Gen<long> s_times =
        from bits in Gen.Choose(0, 31)
        from mantissa in Gen.Choose(0, int.MaxValue)
        select (long)mantissa << bits >> 31;

    [Property(MaxTest = 300)]
    public Property Percentile_AgainstSortedTimes_IsAtMostOne128thTooLong() =>
        Prop.ForAll(Gen.NonEmptyListOf(s_times).ToArbitrary(), times =>
        {
            var histogram = new LatencyHistogram();
            foreach (long time in times)
            {
                histogram.Record(time);
            }

            List<long> sorted = [.. times.Order()];
            return histogram.Count == sorted.Count
                && histogram.MaxNanoseconds == sorted[^1]
                && s_shares.All(share => IsClose(histogram.Percentile(share), Exact(sorted, share)));
        });

    private static long Exact(List<long> sorted, double share) =>
        sorted[Math.Max(1, (int)Math.Ceiling(share * sorted.Count)) - 1];

    private static bool IsClose(long actual, long exact) => actual >= exact && actual - exact <= exact / 128;
}
