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
    private static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(10);

    [Fact]
    [UciClause(44, "A blocking read sleeps, without spinning, until data, removal, reset, cancellation, timeout or close.")]
    public void UCI_044_BlockedReadUsesNoProcessorTime()
    {
        using var bed = new ReceiveBed();

        // What the tests before have left to compile and to collect is no read's: the process is to be at rest first.
        int busy = 0;
        while (UsedInASecond() >= s_most && busy < 20)
        {
            busy++;
        }

        var used = new TimeSpan[3];
        for (int window = 0; window < used.Length; window++)
        {
            Task<int> blocked = bed.Block(() => bed.Handle.Read(new byte[10]));
            used[window] = UsedInASecond();
            Assert.False(blocked.IsCompleted);
            bed.Arrive([1]);
            Assert.Equal(1, ReceiveBed.Soon(blocked));
        }

        // One window may have caught what the runtime does by itself; a read that spins is in all of them.
        Array.Sort(used);
        Assert.True(used[1] < s_most, $"a second of a blocked read used {used[1].TotalMilliseconds} ms of processor time");
    }

    // The second is what is measured: of the whole process, in which nothing else runs.
    private static TimeSpan UsedInASecond()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Thread.Sleep(TimeSpan.FromSeconds(1));
        return Environment.CpuUsage.TotalTime - before;
    }
}
