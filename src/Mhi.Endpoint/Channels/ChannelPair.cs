using System.Runtime.CompilerServices;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Rings;
using Mhi.Protocol;

namespace Mhi.Endpoint.Channels;

/// <summary>The two directions that share a name, and the function behind them.</summary>
internal sealed class ChannelPair
{
    private readonly UplinkChannel? _uplink;
    private readonly DownlinkChannel _downlink;
    private readonly ChannelFunction _function;
    private bool _started;
    private bool _polled;

    internal ChannelPair(UplinkChannel? uplink, DownlinkChannel downlink, ChannelFunction function)
    {
        _uplink = uplink;
        _downlink = downlink;
        _function = function;
    }

    /// <summary>Whether a direction is open: it runs, or is stopped or suspended for now.</summary>
    internal bool IsStarted => _started;

    /// <summary>Whether the pair, which is started, has something to do although no doorbell rang.</summary>
    internal bool NeedsAttention
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _polled || _downlink.NeedsAttention || _uplink is { NeedsAttention: true };
    }

    /// <summary>Whether the device must be stepped on its own account, because it polls a write pointer for the pair.</summary>
    internal bool IsPolling =>
        _uplink?.Ring is { IsRunning: true, IsPolling: true } || (_downlink.HasWaiting && _downlink.Ring is { IsPolling: true });

    /// <summary>Whether it is enough to step the device now and then on its own account.</summary>
    internal bool IsResting =>
        _uplink?.Ring is { IsRunning: true, IsResting: true } || (_downlink.HasWaiting && _downlink.Ring is { IsResting: true });

    /// <summary>A direction has started afresh.</summary>
    /// <param name="ring">Its ring.</param>
    internal void OnStarted(TransferRing ring)
    {
        if (ring == _uplink?.Ring)
        {
            _uplink.Begin();
        }
        else
        {
            _downlink.Begin();
        }

        if (!_started)
        {
            _started = true;
            _function.OnStarted();
            _polled = _function.IsPolled;
        }
    }

    /// <summary>A direction was reset.</summary>
    internal void OnReset()
    {
        if (_started && !IsOpen(_uplink?.Ring) && !IsOpen(_downlink.Ring))
        {
            _started = false;
            _function.OnStopped();
        }
    }

    /// <summary>The device itself was reset or failed.</summary>
    internal void Drop()
    {
        _uplink?.Ring.Drop();
        _downlink.Ring?.Drop();
        OnReset();
    }

    /// <summary>Whether the host has queued something on an uplink in burst mode, which no doorbell announces.</summary>
    /// <returns>Whether there is something to take.</returns>
    internal bool HasBurstTraffic() =>
        _uplink is { Ring: { IsRunning: true, IsFollowing: true } ring } && (ring.Look() || ring.Pending != 0);

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Elements and packets moved.</returns>
    internal int Poll()
    {
        int work = 0;
        if (_downlink.HasWaiting)
        {
            work = _downlink.Continue();
        }

        if (_uplink is { Ring.IsRunning: true } uplink)
        {
            work += uplink.Receive(_function, _downlink);
        }

        if (_polled && _function.Poll(_downlink))
        {
            work++;
        }

        _polled = _function.IsPolled;
        return work;
    }

    private static bool IsOpen(TransferRing? ring) => ring is not null && ring.State != ChannelState.Disabled;
}
