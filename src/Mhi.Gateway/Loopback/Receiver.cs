using System;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading;
using Mhi.Channels;

namespace Mhi.Gateway.Loopback;

/// <summary>The receiving half of a run: takes the echo, checks every packet's length, times it, hashes the bytes.</summary>
/// <typeparam name="TDefinition">The channel.</typeparam>
internal sealed class Receiver<TDefinition> : IReceiver
    where TDefinition : struct, IChannelDefinition
{
    private readonly MhiDuplexChannel<TDefinition> _channel;
    private readonly EchoTarget _target;
    private readonly FlightLog _flights;
    private readonly TransferState _state;
    private readonly IncrementalHash _hash;
    private readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private long _packets;
    private long _bytes;
    private long _settledBytes;
    private long _lastEnd;
    private volatile bool _isReady;

    internal Receiver(
        MhiDuplexChannel<TDefinition> channel, EchoTarget target, FlightLog flights, TransferState state, IncrementalHash hash)
    {
        _channel = channel;
        _target = target;
        _flights = flights;
        _state = state;
        _hash = hash;
    }

    /// <inheritdoc/>
    public bool IsReady => _isReady;

    /// <inheritdoc/>
    public long Packets => Volatile.Read(ref _packets);

    /// <inheritdoc/>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public long SettledBytes => Volatile.Read(ref _settledBytes);

    /// <inheritdoc/>
    public long FirstEchoAt { get; private set; }

    /// <inheritdoc/>
    public long LastEchoAt { get; private set; }

    /// <inheritdoc/>
    public LatencyHistogram Latency { get; } = new();

    /// <inheritdoc/>
    public void Run()
    {
        try
        {
            _isReady = true;
            while (!_state.IsStarted)
            {
                _ = Thread.Yield();
            }

            while (true)
            {
                if (_channel.TryReceive(out ReceivedPacket packet) != ChannelStatus.Done)
                {
                    Settle();
                    packet = _channel.Receive();
                }

                Take(packet);
            }
        }
        catch (Exception fault)
        {
            _state.Fail(fault);
        }
    }

    // Nothing more is there at the moment: what was collected goes on its way.
    private void Settle()
    {
        _target.Flush(_hash);
        Volatile.Write(ref _settledBytes, _bytes);
        if (_state.Expected >= 0)
        {
            _state.WakeSupervisor();
        }
    }

    private void Take(ReceivedPacket packet)
    {
        bool isEnd = packet.IsEndOfMessage;
        bool isTruncated = packet.IsTruncated;
        _target.Append(packet.Bytes, _hash);
        Volatile.Write(ref _bytes, _bytes + packet.Bytes.Length);
        packet.Dispose();
        if (isTruncated)
        {
            EchoFault.Truncated(_channel.Name);
        }

        if (isEnd)
        {
            EndPacket();
        }
    }

    private void EndPacket()
    {
        long now = Stopwatch.GetTimestamp();
        long received = _bytes - _lastEnd;
        if (!_flights.TryPeek(out Flight flight))
        {
            EchoFault.Unexpected(_channel.Name, received);
        }

        // A channel that may cut a write as it likes has no packets to compare, only bytes.
        if (TDefinition.WritePolicy == WritePolicy.WholeMessage && flight.End != _bytes)
        {
            EchoFault.WrongLength(_channel.Name, received, flight.End - _lastEnd);
        }

        while (flight.End <= _bytes)
        {
            Latency.Record((long)((now - flight.SentAt) * _nanosecondsPerTick));
            _flights.Remove();
            Volatile.Write(ref _packets, _packets + 1);
            if (!_flights.TryPeek(out flight))
            {
                break;
            }
        }

        _lastEnd = _bytes;
        LastEchoAt = now;
        if (FirstEchoAt == 0)
        {
            FirstEchoAt = now;
        }
    }
}
