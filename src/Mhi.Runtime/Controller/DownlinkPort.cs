using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Channels;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <summary>
/// The downlink half of an open channel: the poll thread posts buffers and hands filled ones over, the client reads them
/// and gives them back.
/// </summary>
/// <remarks>The poll thread's members are in a file of their own; those here say whose they are. One client thread at a time; a second one at the same moment is detected.</remarks>
internal sealed partial class DownlinkPort
{
    private readonly HandoffRing<TransferToken> _pending;
    private readonly HandoffRing<uint> _recycled;
    private readonly BufferSlab _slab;
    private readonly ulong _slabBase;
    private readonly ushort _capacity;
    private readonly uint _flags;
    private readonly int _eventRing;
    private readonly bool _deliverEmpty;
    private readonly InterruptVector _pollThread;

    // Client's own: the packet being read, and one generation per buffer to recognise a stale lease.
    private readonly MaskedArray<uint> _generations;
    private TransferToken _current;
    private uint _offset;
    private bool _hasCurrent;
    private uint _leased;
    private bool _needsBytes;
    private ClientGate _gate;

    // Poll thread's own.
    private DoorbellGate _doorbell;
    private bool _messageOpen;
    private bool _truncated;
    private bool _hasNews;
    private bool _reposted;

    internal DownlinkPort(
        ChannelProfile profile,
        TransferRing ring,
        BufferSlab slab,
        ulong slabBase,
        int buffers,
        int capacity,
        bool moderated,
        BurstMode burstMode,
        bool deliverEmpty,
        InterruptVector pollThread)
    {
        Profile = profile;
        Ring = ring;
        _slab = slab;
        _slabBase = slabBase;
        _capacity = (ushort)capacity;
        _deliverEmpty = deliverEmpty;
        _pollThread = pollThread;
        _doorbell = new DoorbellGate(burstMode);
        _eventRing = profile.EventRing;
        _flags = RingElement.EndOfTransferFlag | (moderated ? RingElement.BlockInterruptFlag : 0);
        _pending = new HandoffRing<TransferToken>(slab.Count);
        _recycled = new HandoffRing<uint>(slab.Count);
        _generations = new MaskedArray<uint>(slab.Count);
        for (uint buffer = 0; buffer < (uint)buffers; buffer++)
        {
            _recycled.Push(buffer);
        }
    }

    /// <summary>The channel's row in the device's table.</summary>
    internal ChannelProfile Profile { get; }

    /// <summary>The transfer ring. Poll thread.</summary>
    internal TransferRing Ring { get; }

    /// <summary>Where a reader waits for bytes.</summary>
    internal WaitPoint Readable { get; } = new();

    /// <summary>What the poll thread counted.</summary>
    internal DownlinkCounters Counters { get; } = new();

    /// <summary>Whether nothing new arrives any more; what has arrived can still be read.</summary>
    internal bool IsClosed => _gate.IsClosed;

    /// <summary>Whether <see cref="TryRead"/> would return bytes at once. Client.</summary>
    /// <returns>True when a byte is there.</returns>
    internal bool HasBytes()
    {
        _gate.Enter();
        bool has = !_gate.IsReleased && TryAdvanceToBytes();
        _gate.Leave();
        return has;
    }

    /// <summary>Whether <see cref="TryReceive(out ReceivedPacket)"/> would return a packet at once. Any thread.</summary>
    /// <returns>True when a packet is there, an empty one included.</returns>
    internal bool HasPacket()
    {
        if (_gate.IsReleased)
        {
            return false;
        }

        // In this order: TryNext says that there is a current packet before it takes it off the ring.
        bool has = _pending.Count != 0;
        SchedulePoint.HitInside();
        return has || Volatile.Read(ref _hasCurrent);
    }

    /// <summary>Client: copies bytes of the oldest unread packet.</summary>
    /// <param name="destination">Receives them.</param>
    /// <param name="count">How many were copied.</param>
    /// <returns>Done, WouldBlock when nothing is there, Down when nothing is there and nothing will come.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ChannelStatus TryRead(Span<byte> destination, out int count)
    {
        _gate.Enter();
        ChannelStatus status;
        count = 0;
        if (!_gate.IsReleased && TryAdvanceToBytes())
        {
            count = CopyOut(destination);
            if (!_hasCurrent && _current.Mark != 0)
            {
                EndPiece(_current, out _, out _);
            }

            status = ChannelStatus.Done;
        }
        else
        {
            status = _gate.IsClosed ? ChannelStatus.Down : ChannelStatus.WouldBlock;
        }

        _gate.Leave();
        return status;
    }

    /// <summary>Client: leases the oldest packet, or what is left of it.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>Done, WouldBlock when nothing is there, Down when nothing is there and nothing will come.</returns>
    internal ChannelStatus TryReceive(out ReceivedPacket packet)
    {
        _gate.Enter();
        ChannelStatus status;
        packet = default;
        if (!_gate.IsReleased && (_hasCurrent || TryNext()))
        {
            _hasCurrent = false;
            _leased++;
            uint buffer = _current.Buffer;
            Span<byte> bytes = _slab.Slice(buffer, _current.Length)[(int)_offset..];
            packet = new ReceivedPacket(this, buffer, _generations[buffer], bytes, _current.Mark);
            status = ChannelStatus.Done;
        }
        else
        {
            status = _gate.IsClosed ? ChannelStatus.Down : ChannelStatus.WouldBlock;
        }

        _gate.Leave();
        return status;
    }

    /// <summary>Client: ends a lease.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="generation">The lease's generation.</param>
    internal void Return(uint buffer, uint generation)
    {
        if (_generations[buffer] != generation)
        {
            ThrowStaleLease();
        }

        _generations[buffer] = generation + 1;
        _leased--;
        Recycle(buffer);
    }

    /// <summary>Client: what the next asynchronous wait is for.</summary>
    /// <param name="bytes">True for a packet with bytes, false for any packet.</param>
    internal void MarkNeeded(bool bytes) => Volatile.Write(ref _needsBytes, bytes);

    /// <summary>Client: copies bytes of the current packet, and gives its buffer back when it is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CopyOut(Span<byte> destination)
    {
        uint rest = _current.Length - _offset;
        uint take = Math.Min(rest, (uint)destination.Length);
        _slab.Slice(_current.Buffer, _offset + take)[(int)_offset..].CopyTo(destination);
        _offset += take;
        if (take == rest)
        {
            _hasCurrent = false;
            Recycle(_current.Buffer);
        }

        return (int)take;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAdvanceToBytes()
    {
        while (_hasCurrent || TryNext())
        {
            if (_offset < _current.Length)
            {
                return true;
            }

            // An empty packet has nothing for a reader of bytes.
            _hasCurrent = false;
            Recycle(_current.Buffer);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNext()
    {
        if (!_pending.TryPeek(out TransferToken token))
        {
            return false;
        }

        _current = token;
        _offset = 0;

        // Before the packet leaves the ring, so that HasPacket sees it here or there at every moment.
        _hasCurrent = true;
        SchedulePoint.HitInside();
        _pending.Advance(1);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Recycle(uint buffer)
    {
        _recycled.Push(buffer);
        SchedulePoint.HitInside();
        _pollThread.Raise();
    }

    private static void ThrowStaleLease() =>
        throw new InvalidOperationException("This received packet was already disposed. Each packet is given back once.");
}
