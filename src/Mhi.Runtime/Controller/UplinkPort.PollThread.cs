using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Protocol;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>What the poll thread does with an uplink: elements from submissions, free buffers from completions.</content>
internal sealed partial class UplinkPort
{
    /// <summary>The transfer ring. Poll thread.</summary>
    internal TransferRing Ring { get; }

    /// <summary>Moves submitted descriptors into the ring, whole ones only.</summary>
    /// <returns>Elements queued.</returns>
    internal uint Queue()
    {
        uint available = _submitted.CountForConsumer;
        return available == 0 ? 0 : Queue(available);
    }

    /// <summary>Completes the oldest element if that is what an event says, plainly.</summary>
    /// <param name="eventRing">Ring the event came on.</param>
    /// <param name="address">Address of the element, as the device wrote it.</param>
    /// <param name="word">The event's word with code and length, as the device wrote it.</param>
    /// <returns>False when the event needs a closer look; nothing has changed then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryCompleteNext(int eventRing, ulong address, uint word)
    {
        if (word >> 24 != (uint)CompletionCode.EndOfTransfer || eventRing != _eventRing
            || !Ring.TryCompleteNext(address, out TransferRing.Shadow element))
        {
            return false;
        }

        _hasNews = true;
        _completedBytes += element.Length;
        _free.Push(element.Buffer);
        return true;
    }

    /// <summary>Gives the buffers of completed elements back to the client.</summary>
    /// <param name="elements">How many elements, oldest first; resolved by the ring.</param>
    /// <param name="failed">Whether the device reported an error.</param>
    internal void Complete(int elements, bool failed)
    {
        uint bytes = 0;
        for (int i = 0; i < elements; i++)
        {
            TransferRing.Shadow element = Ring.Complete();
            bytes += element.Length;
            _free.Stage((uint)i, element.Buffer);
        }

        if (failed)
        {
            _failedBuffers += (uint)elements;
            _failedBytes += bytes;
        }

        _hasNews = true;
        _completedBytes += bytes;

        // Last: a failure counted before is visible to whoever sees the buffers completed.
        _free.Publish((uint)elements);
    }

    /// <summary>Tells the client what completions have changed, once per batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SignalCompletions()
    {
        if (_hasNews)
        {
            SignalNews();
        }
    }

    /// <summary>Lets no client operation begin any more and wakes those that wait.</summary>
    internal void Close()
    {
        _gate.Close();
        Writable.Complete(Writable.Wake(), isDown: true);
        Flushed.Complete(Flushed.Wake(), isDown: true);
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

    /// <summary>Buffers that a client could fill now, as far as completions go.</summary>
    internal uint FreeForPollThread => _free.CountForProducer;

    /// <summary>Whether a client is inside an operation; after <see cref="Release"/> it soon is not.</summary>
    internal bool IsClientInside => _gate.IsOccupied;

    private void SignalNews()
    {
        _hasNews = false;
        int write = Writable.Wake();
        if (write != 0 && _free.CountForProducer >= Volatile.Read(ref _needed))
        {
            Writable.Complete(write, isDown: false);
        }

        int flush = Flushed.Wake();
        if (flush != 0 && IsFlushed)
        {
            Flushed.Complete(flush, isDown: false);
        }
    }

    private uint Queue(uint available)
    {
        TransferRing ring = Ring;
        uint free = ring.Free;
        uint queued = 0;
        while (queued < available)
        {
            TransferToken last = _submitted.Peek(queued);
            uint segments = last.Mark;
            if (segments > free)
            {
                break;
            }

            free -= segments;
            for (uint end = queued + segments - 1; queued < end; queued++)
            {
                TransferToken token = _submitted.Peek(queued);
                ring.Enqueue(AddressOf(token.Buffer), token.Length, _chainFlags, token.Buffer);
                last = _submitted.Peek(queued + 1);
            }

            ring.Enqueue(AddressOf(last.Buffer), last.Length, _lastFlags, last.Buffer);
            queued++;
        }

        if (queued != 0)
        {
            _submitted.Advance(queued);
            ring.Publish();
        }

        return queued;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong AddressOf(uint buffer) => _slabBase + ((ulong)buffer * (uint)_slab.Stride);
}
