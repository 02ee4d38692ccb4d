using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>What a read costs while it waits.</summary>
[Collection("alone")]
public class BlockedCostTests
{
    [Fact]
    [UciClause(44, "A blocking read sleeps, without spinning, until data, removal, reset, cancellation, timeout or close.")]
    public void UCI_044_BlockedReadUsesNoProcessorTime()
    {
        using var bed = new ReceiveBed();
        TimeSpan least = TimeSpan.MaxValue;
        for (int window = 0; window < 10 && least > TimeSpan.FromMilliseconds(10); window++)
        {
            Task<int> blocked = bed.Block(() => bed.Handle.Read(new byte[10]));
            TimeSpan before = Environment.CpuUsage.TotalTime;

            // The second is what is measured: of the whole process, in which nothing else runs.
            Thread.Sleep(TimeSpan.FromSeconds(1));
            TimeSpan used = Environment.CpuUsage.TotalTime - before;
            least = used < least ? used : least;
            Assert.False(blocked.IsCompleted);
            bed.Arrive([1]);
            Assert.Equal(1, ReceiveBed.Soon(blocked));
        }

        Assert.True(least < TimeSpan.FromMilliseconds(10), $"a second of a blocked read used {least.TotalMilliseconds} ms of processor time");
    }
}
