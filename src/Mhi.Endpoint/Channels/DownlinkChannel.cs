using System;
using System.Runtime.CompilerServices;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Rings;
using Mhi.Protocol;

namespace Mhi.Endpoint.Channels;

/// <summary>Device to host: spreads packets over the buffers the host has posted.</summary>
/// <remarks>
/// Every element used gets an event: OVERFLOW while the packet goes on, EOT for its last piece, BEI from the element. What
/// finds no buffer or no event slot is kept, one packet at most. An element that cannot be written completes with BAD_TRE
/// and the packet goes on in the next.
/// </remarks>
internal sealed class DownlinkChannel : IDownlink
{
    private readonly TransferRing? _ring;
    private readonly DmaTranslation _memory;
    private readonly ViolationCounters _violations;
    private byte[] _waiting = [];
    private int _waitingStart;
    private int _waitingEnd;
    private int _hint;
    private bool _hasWaiting;

    internal DownlinkChannel(TransferRing? ring, DmaTranslation memory, ViolationCounters violations)
    {
        _ring = ring;
        _memory = memory;
        _violations = violations;
    }

    /// <inheritdoc/>
    public bool CanSend => _ring is { IsRunning: true } && !_hasWaiting;

    /// <summary>The channel's ring and state; null when the pair has no downlink.</summary>
    internal TransferRing? Ring => _ring;

    /// <summary>Whether a packet waits for buffers, and the channel runs.</summary>
    internal bool HasWaiting => _hasWaiting && _ring is { IsRunning: true };

    /// <summary>Whether the packet that waits may find a buffer although no doorbell rings.</summary>
    internal bool NeedsAttention => HasWaiting && !_ring!.IsResting;

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        TransferRing? ring = _ring;
        if (ring is null || !ring.IsRunning || _hasWaiting)
        {
            return false;
        }

        // The usual packet: it fits into the next buffer, which is at hand.
        if ((ring.Pending != 0 || ring.Look()) && ring.Events.HasRoom)
        {
            ref readonly RingElement element = ref ring.Next;
            uint flags = element.Word1;
            if (element.Type == ElementType.Transfer
                && packet.Length <= element.TransferLength
                && _memory.TryWrite(element.Address, packet, ref _hint))
            {
                _ = ring.Take(out ulong address);
                ring.Complete(address, flags, CompletionCode.EndOfTransfer, packet.Length);
                return true;
            }
        }

        Spread(ring, packet);
        return true;
    }

    /// <summary>A new run of the channel: what an earlier one left unsent is void.</summary>
    internal void Begin()
    {
        if (_waiting.Length == 0)
        {
            _waiting = GC.AllocateUninitializedArray<byte>(UplinkChannel.MaxPacketLength);
        }

        _hasWaiting = false;
    }

    /// <summary>Goes on with the packet that waits. <see cref="HasWaiting"/> must be true.</summary>
    /// <returns>Elements moved.</returns>
    internal int Continue()
    {
        TransferRing ring = _ring!;
        if (Write(ring, _waiting.AsSpan(_waitingStart, _waitingEnd - _waitingStart), out int written))
        {
            _hasWaiting = false;
            return 1;
        }

        _waitingStart += written;
        return written != 0 ? 1 : 0;
    }

    // Over several buffers, or none at all: what is left waits in device memory. The pieces already written stay written.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Spread(TransferRing ring, ReadOnlySpan<byte> packet)
    {
        if (packet.Length > UplinkChannel.MaxPacketLength)
        {
            ThrowTooLong(packet);
        }

        if (!Write(ring, packet, out int written))
        {
            ReadOnlySpan<byte> rest = packet[written..];
            rest.CopyTo(_waiting);
            _waitingStart = 0;
            _waitingEnd = rest.Length;
            _hasWaiting = true;
        }
    }

    // Writes as much as fits into the elements at hand. True when the packet is complete.
    private bool Write(TransferRing ring, ReadOnlySpan<byte> packet, out int written)
    {
        written = 0;
        if (ring.Pending == 0)
        {
            _ = ring.Look();
        }

        // A fixed number of elements: what the host posts meanwhile waits for the next call.
        EventRing events = ring.Events;
        for (uint pending = ring.Pending; pending != 0 && events.HasRoom; pending--)
        {
            ref readonly RingElement element = ref ring.Take(out ulong address);
            ReadOnlySpan<byte> piece = packet[written..];
            if (piece.Length > element.TransferLength)
            {
                piece = piece[..element.TransferLength];
            }

            bool isTransfer = element.Type == ElementType.Transfer;
            if (!isTransfer || !_memory.TryWrite(element.Address, piece, ref _hint))
            {
                _violations.Count(isTransfer ? HostViolation.BufferUnreachable : HostViolation.BadElement);
                ring.Complete(address, element.Word1, CompletionCode.BadElement, 0);
                continue;
            }

            written += piece.Length;
            bool last = written == packet.Length;
            ring.Complete(address, element.Word1, last ? CompletionCode.EndOfTransfer : CompletionCode.Overflow, piece.Length);
            if (last)
            {
                return true;
            }
        }

        return false;
    }

    private static void ThrowTooLong(ReadOnlySpan<byte> packet) =>
        throw new ArgumentOutOfRangeException(
            nameof(packet), packet.Length, $"A downlink packet may have at most {UplinkChannel.MaxPacketLength} bytes; split it into several.");
}
