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
        var used = new TimeSpan[3];
        for (int window = 0; window < used.Length; window++)
        {
            Task<int> blocked = bed.Block(() => bed.Handle.Read(new byte[10]));
            TimeSpan before = Environment.CpuUsage.TotalTime;

            // The second is what is measured: of the whole process, in which nothing else runs.
            Thread.Sleep(TimeSpan.FromSeconds(1));
            used[window] = Environment.CpuUsage.TotalTime - before;
            Assert.False(blocked.IsCompleted);
            bed.Arrive([1]);
            Assert.Equal(1, ReceiveBed.Soon(blocked));
        }

        // One window may have caught what the runtime does by itself; a read that spins is in all of them.
        Array.Sort(used);
        Assert.True(used[1] < TimeSpan.FromMilliseconds(10), $"a second of a blocked read used {used[1].TotalMilliseconds} ms of processor time");
    }
}
