using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>What the poll thread does with a downlink: elements from free buffers, packets from completions.</content>
internal sealed partial class DownlinkPort
{
    /// <summary>Posts every buffer that is free.</summary>
    /// <returns>Elements queued.</returns>
    internal uint Queue()
    {
        uint recycled = _recycled.CountForConsumer;
        return recycled == 0 && !_reposted ? 0 : Queue(recycled);
    }

    /// <summary>Hands the oldest posted buffer over if that is what an event says, plainly.</summary>
    /// <param name="eventRing">Ring the event came on.</param>
    /// <param name="address">Address of the element, as the device wrote it.</param>
    /// <param name="word">The event's word with code and length, as the device wrote it.</param>
    /// <returns>False when the event needs a closer look; nothing has changed then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryCompleteNext(int eventRing, ulong address, uint word)
    {
        // Code and length in one comparison: EOT, 1 to capacity. A packet in several pieces is never plain.
        const uint PlainCode = (uint)CompletionCode.EndOfTransfer << 24;
        if (word - PlainCode - 1 >= _capacity || eventRing != _eventRing || _messageOpen || _truncated
            || !Ring.TryCompleteNext(address, out TransferRing.Shadow element))
        {
            return false;
        }

        Counters.CountPlain(word - PlainCode);
        _pending.Push(new TransferToken(element.Buffer, (ushort)word, 0));
        _hasNews = true;
        return true;
    }

    /// <summary>Hands the oldest posted buffer to the client.</summary>
    /// <param name="code">EndOfTransfer, EndOfBlock or Overflow, or an error.</param>
    /// <param name="lengthBytes">Length as the device wrote it.</param>
    internal void Complete(CompletionCode code, ushort lengthBytes)
    {
        TransferRing.Shadow element = Ring.Complete();
        bool continues = code == CompletionCode.Overflow;
        bool failed = !continues && code is not (CompletionCode.EndOfTransfer or CompletionCode.EndOfBlock);
        ushort length = failed ? (ushort)0 : Math.Min(lengthBytes, element.Length);
        _truncated |= failed || lengthBytes > element.Length;
        Counters.Count(length, continues, failed, lengthBytes > element.Length);

        // An empty packet carries no byte, but one that ends an earlier piece carries the news that it ended.
        if (length == 0 && !_messageOpen && (failed || !_deliverEmpty))
        {
            _truncated = false;
            Post(Ring, element.Buffer);
            _reposted = true;
            return;
        }

        ushort mark = 0;
        if (continues)
        {
            mark = TransferToken.Flags.Continues;
        }
        else if (_truncated)
        {
            mark = TransferToken.Flags.Truncated;
            _truncated = false;
        }

        _messageOpen = continues;
        _pending.Push(new TransferToken(element.Buffer, length, mark));
        _hasNews = true;
    }

    /// <summary>Tells the client what has arrived, once per batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SignalArrivals()
    {
        if (_hasNews)
        {
            SignalNews();
        }
    }

    /// <summary>Lets no operation wait any more; what has arrived can still be read.</summary>
    internal void Close()
    {
        _gate.Close();
        int read = Readable.Wake();
        Readable.Complete(read, isDown: !IsUnread(bytes: false));
    }

    /// <summary>Whether the doorbell is to be written for a new write pointer.</summary>
    /// <returns>False in burst mode, until the device asks.</returns>
    internal bool TakeDoorbell() => _doorbell.Take();

    /// <summary>The device asked for a doorbell, or may have missed one.</summary>
    internal void ArmDoorbell() => _doorbell.Arm();

    /// <summary>The slab is about to be unmapped.</summary>
    internal void Release() => _gate.Release();

    /// <summary>
    /// After <see cref="Release"/>: whether a client may touch the slab. The gate is looked at first: a client
    /// that is inside may be about to take a lease, and one that has left has counted it.
    /// </summary>
    internal bool IsInUse => _gate.IsOccupied || Volatile.Read(ref _leased) != 0;

    /// <summary>Whether a client is inside an operation; after <see cref="Release"/> it soon is not.</summary>
    internal bool IsClientInside => _gate.IsOccupied;

    private void SignalNews()
    {
        _hasNews = false;
        int read = Readable.Wake();
        if (read != 0 && IsUnread(Volatile.Read(ref _needsBytes)))
        {
            Readable.Complete(read, isDown: false);
        }
    }

    // Called only while the client awaits, and so takes nothing out of the ring meanwhile.
    private bool IsUnread(bool bytes)
    {
        uint count = _pending.CountForProducer;
        for (uint i = 0; i < count; i++)
        {
            if (!bytes || _pending.PeekForProducer(i).Length != 0)
            {
                return true;
            }
        }

        return false;
    }

    private uint Queue(uint recycled)
    {
        TransferRing ring = Ring;
        uint count = Math.Min(recycled, ring.Free);
        for (uint i = 0; i < count; i++)
        {
            Post(ring, _recycled.Peek(i));
        }

        if (count != 0)
        {
            _recycled.Advance(count);
        }

        count += _reposted ? 1u : 0u;
        _reposted = false;
        ring.Publish();
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Post(TransferRing ring, uint buffer) =>
        ring.Enqueue(_slabBase + ((ulong)buffer * (uint)_slab.Stride), _capacity, _flags, buffer);
}
