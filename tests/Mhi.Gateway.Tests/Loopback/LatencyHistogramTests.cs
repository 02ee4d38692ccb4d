using Mhi.Gateway.Loopback;
using Xunit;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_WithoutTimes_IsZero()
    {
        var histogram = new LatencyHistogram();

        Assert.Equal(0, histogram.Percentile(0.5));
        Assert.Equal(0, histogram.MaxNanoseconds);
        Assert.Equal(0, histogram.Count);
    }

    [Fact]
    public void Percentile_OfShortTimes_IsExact()
    {
        var histogram = new LatencyHistogram();
        for (int time = 1; time <= 100; time++)
        {
            histogram.Record(time);
        }

        Assert.Equal(50, histogram.Percentile(0.5));
        Assert.Equal(99, histogram.Percentile(0.99));
        Assert.Equal(100, histogram.Percentile(0.999));
        Assert.Equal(100, histogram.Percentile(1));
    }

    [Fact]
    public void Percentile_OfOneTime_IsThatTime()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1_234_567);

        Assert.Equal(1_234_567, histogram.Percentile(0.001));
        Assert.Equal(1_234_567, histogram.Percentile(1));
    }

    [Theory]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(-1, 0)]
    public void Record_OfExtremes_IsCounted(long time, long expected)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(time);

        Assert.Equal(1, histogram.Count);
        Assert.Equal(expected, histogram.MaxNanoseconds);
        Assert.Equal(expected, histogram.Percentile(0.5));
    }
}
