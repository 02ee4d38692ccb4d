using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading;
using Mhi.Channels;

namespace Mhi.Gateway.Loopback;

/// <summary>One run over an open channel: sender and receiver on a thread each, and the caller's thread that supervises them.</summary>
/// <typeparam name="TDefinition">The channel.</typeparam>
internal sealed class Transfer<TDefinition>
    where TDefinition : struct, IChannelDefinition
{
    private static readonly TimeSpan s_interval = new(TimeSpan.TicksPerSecond / 10);
    private static readonly TimeSpan s_drainLimit = new(TimeSpan.TicksPerSecond);

    private readonly MhiDuplexChannel<TDefinition> _channel;
    private readonly EchoTarget _target;
    private readonly TransferState _state;
    private readonly HashPair _hashes;
    private readonly TransferProgress? _progress;
    private readonly TimeSpan? _timeLimit;
    private readonly StallWatch _stall;
    private readonly Sender<TDefinition> _sender;
    private readonly Receiver<TDefinition> _receiver;

    internal Transfer(
        MhiDuplexChannel<TDefinition> channel,
        LoopbackRequest request,
        PacketSource source,
        EchoTarget target,
        HashPair hashes,
        TransferState state,
        TransferProgress? progress)
    {
        var flights = new FlightLog();
        _channel = channel;
        _target = target;
        _state = state;
        _hashes = hashes;
        _progress = progress;
        _timeLimit = request.TimeLimit;
        _stall = new StallWatch(channel.Name);
        int packetSize = request.PacketSize ?? TDefinition.Mtu;
        _sender = new Sender<TDefinition>(channel, source, flights, state, hashes.Sent, packetSize, request.Count);
        _receiver = new Receiver<TDefinition>(channel, target, flights, state, hashes.Received);
    }

    /// <summary>Runs until everything is back, the user ends it, or something fails. Closes the channel.</summary>
    /// <returns>What was measured.</returns>
    internal TransferResult Run()
    {
        Thread sending = Begin(_sender.Run, "mhi sender");
        Thread receiving = Begin(_receiver.Run, "mhi receiver");
        while (!_sender.IsReady || !_receiver.IsReady)
        {
            _ = Thread.Yield();
        }

        _progress?.Show(0, TimeSpan.Zero);
        int collections = GC.CollectionCount(0);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        _state.Start();
        Supervise();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        collections = GC.CollectionCount(0) - collections;

        // Ends what sender and receiver wait for, so that both can be joined; a sender that reads its source stays behind.
        _state.Close();
        _channel.CloseAsync(TimeSpan.Zero).GetAwaiter().GetResult();
        bool isSettled = receiving.Join(s_drainLimit) && (_sender.TryAbandon() || sending.Join(s_drainLimit));
        _progress?.Clear();
        if (_state.Fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        if (!isSettled)
        {
            throw new GatewayException("The run was ended while its output took no more data, so there is no result.");
        }

        return new TransferResult(
            _sender.Packets,
            _sender.Bytes,
            _receiver.Bytes,
            Convert.ToHexStringLower(_hashes.Sent.GetHashAndReset()),
            Convert.ToHexStringLower(_hashes.Received.GetHashAndReset()),
            _receiver.LastEchoAt == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_sender.StartedAt, _receiver.LastEchoAt),
            _receiver.FirstEchoAt == 0 ? null : ProcessClock.At(_receiver.FirstEchoAt),
            _receiver.Latency,
            allocated,
            collections);
    }

    private static Thread Begin(ThreadStart run, string name)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    // Nothing in here may allocate: it runs while the allocations of the process are being counted.
    private void Supervise()
    {
        long started = Stopwatch.GetTimestamp();
        long endingSince = 0;
        while (!IsOver())
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= _timeLimit)
            {
                _state.End();
            }

            if (_state.IsEnding && _state.Expected < 0 && _sender.TryAbandon())
            {
                _state.SetExpected(_sender.Bytes);
            }

            if (_state.IsInterrupted)
            {
                endingSince = endingSince == 0 ? Stopwatch.GetTimestamp() : endingSince;
                if (Stopwatch.GetElapsedTime(endingSince) >= s_drainLimit)
                {
                    return;
                }
            }

            _progress?.Show(_receiver.Bytes, elapsed);
            _stall.Look(_receiver.Bytes, _sender.BegunPackets != _receiver.Packets && !_target.IsWriting, _state);
            TimeSpan rest = _timeLimit - elapsed ?? s_interval;
            Sleep(rest > TimeSpan.Zero && rest < s_interval ? rest : s_interval);
        }
    }

    private bool IsOver() =>
        _state.Fault is not null || (_state.Expected is >= 0 and var expected && _receiver.SettledBytes >= expected);

    private void Sleep(TimeSpan longest)
    {
        _state.AnnounceSleep();
        if (IsOver())
        {
            _state.WithdrawSleep();
        }
        else
        {
            _state.Sleep(longest);
        }
    }
}
