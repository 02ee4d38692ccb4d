using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A channel function under a test's control: echoes, holds or keeps what it gets, and sends what it is told to.</summary>
internal sealed class BedFunction : ChannelFunction
{
    private readonly ConcurrentQueue<byte[]> _toSend = new();
    private readonly ConcurrentQueue<byte[]> _received = new();
    private volatile bool _holds;
    private volatile bool _echoes = true;
    private volatile int _starts;
    private volatile int _stops;
    private IDeviceControl? _device;

    public override bool IsPolled => true;

    /// <summary>Whether packets stay in the ring, uncompleted.</summary>
    public bool Holds
    {
        get => _holds;
        set
        {
            _holds = value;
            _device?.Wake();
        }
    }

    /// <summary>Whether packets come back.</summary>
    public bool Echoes
    {
        get => _echoes;
        set => _echoes = value;
    }

    /// <summary>Times that the channel was started.</summary>
    public int Starts => _starts;

    /// <summary>Times that the channel was stopped.</summary>
    public int Stops => _stops;

    /// <summary>Packets that came from the host and were not echoed, in order.</summary>
    public IReadOnlyCollection<byte[]> Received => _received;

    /// <summary>Sends a packet to the host as soon as it has a buffer.</summary>
    public void Send(params byte[] packet)
    {
        _toSend.Enqueue(packet);
        _device?.Wake();
    }

    public override void OnAttached(IDeviceControl device) => _device = device;

    public override void OnStarted() => _starts++;

    public override void OnStopped() => _stops++;

    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        if (_holds || (_echoes && !downlink.TrySend(packet)))
        {
            return false;
        }

        if (!_echoes)
        {
            _received.Enqueue(packet.ToArray());
        }

        return true;
    }

    public override bool Poll(IDownlink downlink)
    {
        if (!_toSend.TryPeek(out byte[]? packet) || !downlink.CanSend || !downlink.TrySend(packet))
        {
            return false;
        }

        _ = _toSend.TryDequeue(out _);
        return true;
    }
}
