using System;
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
    private readonly EchoLog _echoes;
    private readonly TransferState _state;
    private readonly IncrementalHash _hash;
    private long _bytes;
    private long _settledBytes;
    private volatile bool _isReady;

    internal Receiver(
        MhiDuplexChannel<TDefinition> channel, EchoTarget target, EchoLog echoes, TransferState state, IncrementalHash hash)
    {
        _channel = channel;
        _target = target;
        _echoes = echoes;
        _state = state;
        _hash = hash;
    }

    /// <inheritdoc/>
    public bool IsReady => _isReady;

    /// <inheritdoc/>
    public long Packets => _echoes.Packets;

    /// <inheritdoc/>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public long SettledBytes => Volatile.Read(ref _settledBytes);

    /// <inheritdoc/>
    public long FirstEchoAt => _echoes.FirstAt;

    /// <inheritdoc/>
    public long LastEchoAt => _echoes.LastAt;

    /// <inheritdoc/>
    public LatencyHistogram Latency => _echoes.Latency;

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
            // A channel that may cut a write as it likes has no packets to compare, only bytes.
            _echoes.Take(_bytes, TDefinition.WritePolicy == WritePolicy.WholeMessage);
        }
    }
}
