using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Any positive time-out is a time-out, also one that no timer can be set to.</summary>
public class LongTimeoutTests
{
    private const string Requirement = "Bad arguments raise ArgumentNullException or ArgumentOutOfRangeException before anything else happens.";

    /// <summary>The longest there is, and one just beyond the 2^32 milliseconds of a timer.</summary>
    public static TheoryData<TimeSpan> Timeouts => [TimeSpan.MaxValue, TimeSpan.FromDays(50)];

    [Theory]
    [MemberData(nameof(Timeouts))]
    [UciClause(49, Requirement)]
    public void UCI_049_LongTimeoutOfAPendingCallIsOneAndLeavesTheNodeUsable(TimeSpan timeout)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        using var cancel = new CancellationTokenSource();
        byte[] buffer = new byte[10];
        Dictionary<string, Task> calls = new()
        {
            ["Read"] = handle.ReadAsync(buffer, timeout, cancel.Token).AsTask(),
            ["Receive"] = handle.ReceiveAsync(buffer, timeout, cancel.Token).AsTask(),
            ["Write"] = handle.WriteAsync(buffer, timeout, cancel.Token).AsTask(),
            ["Send"] = handle.SendAsync(buffer, timeout, cancel.Token).AsTask(),
            ["WriteMessage"] = handle.WriteMessageAsync(buffer, timeout, cancel.Token).AsTask(),
            ["Flush"] = handle.FlushAsync(timeout, cancel.Token).AsTask(),
            ["Poll"] = handle.PollAsync(UciPollEvents.In, timeout, cancel.Token).AsTask(),
        };
        bed.Settle();
        Assert.All(calls, static call => Assert.False(call.Value.IsCompleted, $"{call.Key} did not wait"));
        Assert.Equal(calls.Count, bed.Counters.Waiters);

        cancel.Cancel();
        Assert.All(calls, call => bed.Failure<UciCanceledException>(call.Value));
        Assert.Equal(0, bed.Counters.Waiters);
        AssertUsable(bed);
    }

    [Theory]
    [MemberData(nameof(Timeouts))]
    [UciClause(49, Requirement)]
    public void UCI_049_LongTimeoutOfABlockedCallIsOneAndLeavesTheNodeUsable(TimeSpan timeout)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        using var cancel = new CancellationTokenSource();
        byte[] buffer = new byte[10];
        Task[] calls =
        [
            bed.WaitingReader(handle, () => handle.Read(buffer, timeout, cancel.Token)),
            bed.WaitingWriter(handle, () => handle.Write(buffer, timeout, cancel.Token)),
            bed.Watching(handle, () => handle.Poll(UciPollEvents.In, timeout, cancel.Token)),
        ];
        cancel.Cancel();
        Assert.All(calls, call => bed.Failure<UciCanceledException>(call));
        Assert.Equal(0, bed.Counters.Waiters);
        AssertUsable(bed);
    }

    private static void AssertUsable(DefBed bed)
    {
        _ = bed.Device.CompletePackets(DefBed.Up);
        bed.Pump();
        UciHandle other = bed.Open(nonBlocking: true);
        Assert.Equal(1, other.Write([7]));
        Assert.True(bed.Device.Deliver(DefBed.Down, [1, 2, 3]));
        bed.Until(() => other.Poll().HasFlag(UciPollEvents.In));
        Assert.Equal(3, other.Read(new byte[10]));
    }
}
