using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>One run over something that echoes: sender and receiver on a thread each, and the caller's thread that supervises them.</summary>
/// <param name="name">What the data go through, for messages.</param>
/// <param name="close">Closes it: ends what sender and receiver wait for.</param>
/// <param name="sender">Sends on it.</param>
/// <param name="receiver">Receives from it.</param>
/// <param name="target">Where the receiver's bytes go.</param>
/// <param name="hashes">Hashes of sender and receiver.</param>
/// <param name="state">What the three threads tell each other.</param>
/// <param name="timeLimit">Longest time packets are sent for; null sets no limit.</param>
/// <param name="progress">Shows how far the run is; null shows nothing.</param>
internal sealed class Transfer(
    string name,
    Action close,
    ISender sender,
    IReceiver receiver,
    EchoTarget target,
    HashPair hashes,
    TransferState state,
    TimeSpan? timeLimit,
    TransferProgress? progress)
{
    private static readonly TimeSpan s_interval = new(TimeSpan.TicksPerSecond / 10);
    private static readonly TimeSpan s_drainLimit = new(TimeSpan.TicksPerSecond);

    private readonly StallWatch _stall = new(name);

    /// <summary>Runs until everything is back, the user ends it, or something fails. Closes what it ran over.</summary>
    /// <returns>What was measured; null when the user ended the run and its output took no more data.</returns>
    internal TransferResult? Run()
    {
        Thread sending = Begin(sender.Run, "mhi sender");
        Thread receiving = Begin(receiver.Run, "mhi receiver");
        while (!sender.IsReady || !receiver.IsReady)
        {
            _ = Thread.Yield();
        }

        progress?.Show(0, TimeSpan.Zero);
        int collections = GC.CollectionCount(0);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        state.Start();
        Supervise();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        collections = GC.CollectionCount(0) - collections;

        // Ends what sender and receiver wait for, so that both can be joined; a sender that reads its source stays behind.
        state.Close();
        close();
        bool isSettled = receiving.Join(s_drainLimit) && (sender.TryAbandon() || sending.Join(s_drainLimit));
        progress?.Clear();
        if (state.Fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return isSettled ? Result(allocated, collections) : null;
    }

    private static Thread Begin(ThreadStart run, string name)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    private TransferResult Result(long allocated, int collections) =>
        new(
            sender.Packets,
            sender.Bytes,
            receiver.Bytes,
            Convert.ToHexStringLower(hashes.Sent.GetHashAndReset()),
            Convert.ToHexStringLower(hashes.Received.GetHashAndReset()),
            receiver.LastEchoAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(sender.StartedAt, receiver.LastEchoAt),
            receiver.FirstEchoAt == 0 ? null : ProcessClock.At(receiver.FirstEchoAt),
            receiver.Latency,
            allocated,
            collections);

    // Nothing in here may allocate: it runs while the allocations of the process are being counted.
    private void Supervise()
    {
        long started = Stopwatch.GetTimestamp();
        long endingSince = 0;
        while (!IsOver())
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= timeLimit)
            {
                state.End();
            }

            if (state.IsEnding && state.Expected < 0 && sender.TryAbandon())
            {
                state.SetExpected(sender.Bytes);
            }

            if (state.IsInterrupted)
            {
                endingSince = endingSince == 0 ? Stopwatch.GetTimestamp() : endingSince;
                if (Stopwatch.GetElapsedTime(endingSince) >= s_drainLimit)
                {
                    return;
                }
            }

            progress?.Show(receiver.Bytes, elapsed);
            _stall.Look(receiver.Bytes, sender.BegunPackets != receiver.Packets && !target.IsWriting, state);
            TimeSpan rest = timeLimit - elapsed ?? s_interval;
            Sleep(rest > TimeSpan.Zero && rest < s_interval ? rest : s_interval);
        }
    }

    private bool IsOver() =>
        state.Fault is not null || (state.Expected is >= 0 and var expected && receiver.SettledBytes >= expected);

    private void Sleep(TimeSpan longest)
    {
        state.AnnounceSleep();
        if (IsOver())
        {
            state.WithdrawSleep();
        }
        else
        {
            state.Sleep(longest);
        }
    }
}
