using System;
using System.Collections.Generic;
using Mhi.Controller;

namespace Mhi.Interleavings.Seed;

/// <summary>
/// The channel below the seed driver, as its core offered it: start and stop, descriptors queued with CHAIN or EOT, and one
/// completion for all descriptors of a packet. Each call is one step.
/// </summary>
internal sealed class SeedChannel(int descriptors, int refusedStarts)
{
    private readonly Queue<(byte[] Chunk, bool IsChained)> _queued = new();
    private readonly List<byte[]> _received = [];
    private int _refusedStarts = refusedStarts;
    private int _posted;

    /// <summary>Bytes of one descriptor.</summary>
    internal const int Mtu = Subjects.BedOptions.Mtu;

    internal bool Runs { get; private set; }

    /// <summary>Uplink descriptors that are free now.</summary>
    internal int Free => descriptors - _queued.Count;

    internal IReadOnlyList<byte[]> Received => _received;

    /// <summary>Packets that the device has for the host.</summary>
    internal Queue<byte[]> ToSend { get; } = new();

    /// <summary>Starts the channel; EIO when it runs, or when the device refuses.</summary>
    internal void Start()
    {
        SchedulePoint.Hit();
        if (Runs || _refusedStarts-- > 0)
        {
            throw new SeedException("EIO");
        }

        Runs = true;
    }

    /// <summary>Stops the channel; what is queued is lost.</summary>
    internal void Stop()
    {
        SchedulePoint.Hit();
        Runs = false;
        _posted = 0;
        _queued.Clear();
    }

    /// <summary>Posts a receive buffer.</summary>
    internal void Post()
    {
        if (_posted < descriptors)
        {
            _posted++;
        }
    }

    /// <summary>Queues a descriptor; ENOMEM when the ring is full. Whether the channel runs is not looked at.</summary>
    internal void Queue(byte[] chunk, bool isChained)
    {
        if (Free == 0)
        {
            throw new SeedException("ENOMEM");
        }

        _queued.Enqueue((chunk, isChained));
    }

    /// <summary>Whether the device can complete something. A run of descriptors that no EOT ends is nothing to complete.</summary>
    internal bool HasWork()
    {
        if (!Runs)
        {
            return false;
        }

        bool isEnded = false;
        foreach ((_, bool isChained) in _queued)
        {
            isEnded |= !isChained;
        }

        return isEnded || (ToSend.Count != 0 && _posted != 0);
    }

    /// <summary>Device: completes the oldest packet to it, or the oldest from it.</summary>
    internal void Step(Action<byte[]> received)
    {
        if (ToSend.Count != 0 && _posted != 0)
        {
            _posted--;
            received(ToSend.Dequeue());
            return;
        }

        List<byte> packet = [];
        bool continues = true;
        while (continues)
        {
            (byte[] chunk, continues) = _queued.Dequeue();
            packet.AddRange(chunk);
        }

        _received.Add([.. packet]);
    }
}
