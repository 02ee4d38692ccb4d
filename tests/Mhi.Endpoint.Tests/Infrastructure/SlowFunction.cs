using System;
using System.Threading;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>Takes its time over a packet, so that a test can act while the device is at work.</summary>
internal sealed class SlowFunction : ChannelFunction
{
    private volatile bool _hasEntered;
    private volatile bool _hasLeft;

    internal bool HasEntered => _hasEntered;

    internal bool HasLeft => _hasLeft;

    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        _hasEntered = true;
        Thread.SpinWait(1_000_000);
        _hasLeft = true;
        return true;
    }
}
