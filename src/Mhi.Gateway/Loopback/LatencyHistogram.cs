using System;
using System.Numerics;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// Counts times in buckets whose width grows with the time: exact below 128 ns, within 1/128 above. Recording costs a few
/// instructions and no memory. Written by one thread; read when that is done.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Precision = 7;
    private const int BucketsPerOctave = 1 << Precision;

    private readonly long[] _counts = new long[BucketsPerOctave * (64 - Precision)];

    /// <summary>How many times were recorded.</summary>
    internal long Count { get; private set; }

    /// <summary>The longest time, exact; 0 when there is none.</summary>
    internal long MaxNanoseconds { get; private set; }

    /// <summary>Counts a time.</summary>
    /// <param name="nanoseconds">The time; below zero counts as zero.</param>
    internal void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(nanoseconds, 0);
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
    }

    /// <summary>The time that a share of all times does not exceed.</summary>
    /// <param name="share">The share, above 0 and up to 1.</param>
    /// <returns>The time, at most 1/128 too long; 0 when nothing was recorded.</returns>
    internal long Percentile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(LongestOf(bucket), MaxNanoseconds);
            }
        }

        return 0;
    }

    private static int BucketOf(long value)
    {
        if (value < BucketsPerOctave)
        {
            return (int)value;
        }

        // The octave, and in it the bits below the highest one.
        int shift = BitOperations.Log2((ulong)value) - Precision;
        return (shift * BucketsPerOctave) + (int)(value >> shift);
    }

    private static long LongestOf(int bucket)
    {
        if (bucket < BucketsPerOctave)
        {
            return bucket;
        }

        int shift = (bucket / BucketsPerOctave) - 1;
        long first = (long)(bucket - (shift * BucketsPerOctave)) << shift;
        return first + (1L << shift) - 1;
    }
}
