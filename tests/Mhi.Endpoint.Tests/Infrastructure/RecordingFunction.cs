using System;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>Keeps what the host sends, refuses on demand, and sends what the test asks for.</summary>
internal sealed class RecordingFunction : ChannelFunction
{
    private readonly Queue<byte[]> _toSend = new();

    internal List<byte[]> Received { get; } = [];

    internal List<string> Calls { get; } = [];

    internal bool Refuses { get; set; }

    internal int Offers { get; private set; }

    internal Exception? Throws { get; set; }

    internal Exception? ThrowsOnStop { get; set; }

    internal bool? CouldSend { get; private set; }

    internal bool SendsUnasked { get; init; } = true;

    public override bool IsPolled => SendsUnasked;

    internal void Send(params byte[] packet) => _toSend.Enqueue(packet);

    public override void OnStarted() => Calls.Add("started");

    public override void OnStopped()
    {
        Calls.Add("stopped");
        if (ThrowsOnStop is not null)
        {
            throw ThrowsOnStop;
        }
    }

    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        Offers++;
        CouldSend = downlink.CanSend;
        if (Throws is not null)
        {
            throw Throws;
        }

        if (!Refuses)
        {
            Received.Add(packet.ToArray());
        }

        return !Refuses;
    }

    public override bool Poll(IDownlink downlink)
    {
        if (_toSend.Count == 0 || !downlink.TrySend(_toSend.Peek()))
        {
            return false;
        }

        _ = _toSend.Dequeue();
        return true;
    }
}
