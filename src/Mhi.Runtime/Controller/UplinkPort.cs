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
/// The uplink half of an open channel, where the client's thread and the poll thread meet: the client fills buffers and
/// submits them, the poll thread turns them into transfer elements and gives the buffers back when the device is done.
/// </summary>
/// <remarks>The poll thread's members are in a file of their own; those here say whose they are. One client thread at a time; a second one at the same moment is detected.</remarks>
internal sealed partial class UplinkPort
{
    private readonly HandoffRing<uint> _free;
    private readonly HandoffRing<TransferToken> _submitted;
    private readonly BufferSlab _slab;
    private readonly ulong _slabBase;
    private readonly uint _lastFlags;
    private readonly uint _chainFlags;
    private readonly int _eventRing;
    private readonly InterruptVector _pollThread;

    // Client's own: buffers rented and handed back unsent, and one generation per buffer to recognise a stale lease.
    private readonly MaskedArray<uint> _unsent;
    private readonly MaskedArray<uint> _generations;
    private uint _unsentCount;
    private uint _leased;
    private ClientGate _gate;
    private ulong _submittedBytes;
    private ulong _flushTarget;
    private uint _needed;
    private uint _neededTotal;
    private ulong _failuresReported;

    // Poll thread's own; the client reads the counts to flush.
    private DoorbellGate _doorbell;
    private bool _hasNews;
    private readonly ulong _buffers;
    private ulong _failedBuffers;
    private ulong _completedBytes;
    private ulong _failedBytes;

    internal UplinkPort(ChannelProfile profile, TransferRing ring, BufferSlab slab, ulong slabBase, int buffers, bool moderated, BurstMode burstMode, InterruptVector pollThread)
    {
        Profile = profile;
        Ring = ring;
        _slab = slab;
        _slabBase = slabBase;
        _pollThread = pollThread;
        _doorbell = new DoorbellGate(burstMode);
        uint moderation = moderated ? RingElement.BlockInterruptFlag : 0;
        _lastFlags = RingElement.EndOfTransferFlag | moderation;
        _chainFlags = RingElement.ChainFlag | moderation;
        _free = new HandoffRing<uint>(slab.Count);
        _submitted = new HandoffRing<TransferToken>(slab.Count);
        _unsent = new MaskedArray<uint>(slab.Count);
        _generations = new MaskedArray<uint>(slab.Count);
        _eventRing = profile.EventRing;
        _buffers = (ulong)buffers;
        for (uint buffer = 0; buffer < (uint)buffers; buffer++)
        {
            _free.Push(buffer);
        }

        MaxSegments = (uint)Math.Min(buffers, profile.Elements - 1);
    }

    /// <summary>The channel's row in the device's table.</summary>
    internal ChannelProfile Profile { get; }

    /// <summary>Most elements that one descriptor can have.</summary>
    internal uint MaxSegments { get; }

    /// <summary>Where a writer waits for free buffers.</summary>
    internal WaitPoint Writable { get; } = new();

    /// <summary>Where a flush waits for completions.</summary>
    internal WaitPoint Flushed { get; } = new();

    /// <summary>Buffers submitted so far: what the ring that carries them has taken. Any thread.</summary>
    internal ulong SubmittedBuffers => _submitted.Produced;

    /// <summary>
    /// Buffers whose transfer ended, well or not: what the ring of free ones got back after those it began with. Any thread.
    /// </summary>
    internal ulong CompletedBuffers => _free.Produced - _buffers;

    /// <summary>Buffers whose transfer the device reported as failed.</summary>
    internal ulong FailedBuffers => Volatile.Read(ref _failedBuffers);

    /// <summary>Bytes submitted so far.</summary>
    internal ulong SubmittedBytes => Volatile.Read(ref _submittedBytes);

    /// <summary>Bytes whose transfer ended, well or not.</summary>
    internal ulong CompletedBytes => Volatile.Read(ref _completedBytes);

    /// <summary>Bytes whose transfer the device reported as failed.</summary>
    internal ulong FailedBytes => Volatile.Read(ref _failedBytes);

    /// <summary>Whether everything up to the last <see cref="MarkFlush"/> has ended.</summary>
    internal bool IsFlushed => (long)(CompletedBuffers - Volatile.Read(ref _flushTarget)) >= 0;

    /// <summary>Buffers submitted whose transfer has not ended.</summary>
    internal ulong OutstandingBuffers
    {
        get
        {
            // Completed first: what is submitted meanwhile makes more of it, never less than none.
            ulong completed = CompletedBuffers;
            return SubmittedBuffers - completed;
        }
    }

    /// <summary>Buffers the client could fill now. Client.</summary>
    internal uint FreeBuffers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _unsentCount + _free.CountForConsumer;
    }

    /// <summary>Whether a buffer is free about now. Any thread.</summary>
    internal bool HasFreeBuffer => Volatile.Read(ref _unsentCount) != 0 || _free.Count != 0;

    /// <summary>Buffers that completions have freed and nobody has filled. Any thread.</summary>
    internal uint FreeBuffersForAll => _free.Count;

    /// <summary>Client: copies a message of at most one element and submits it.</summary>
    /// <param name="data">The message, not longer than a buffer.</param>
    /// <returns>Done, or WouldBlock when no buffer is free.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ChannelStatus TryWriteOne(ReadOnlySpan<byte> data)
    {
        _gate.Enter();
        ChannelStatus status = ChannelStatus.WouldBlock;
        if (!_gate.IsClosed)
        {
            if (TryTake(out uint buffer))
            {
                data.CopyTo(_slab.Slice(buffer, (uint)data.Length));
                Submit(new TransferToken(buffer, (ushort)data.Length, 1));
                status = ChannelStatus.Done;
            }
        }
        else
        {
            status = ChannelStatus.Down;
        }

        _gate.Leave();
        return status;
    }

    /// <summary>Client: copies a message over several elements and submits it as one descriptor, whole or not at all.</summary>
    /// <param name="data">The message, at most <see cref="MaxSegments"/> elements long.</param>
    /// <param name="mtu">Bytes of one element.</param>
    /// <returns>Done, or WouldBlock when too few buffers are free.</returns>
    internal ChannelStatus TryWriteChain(ReadOnlySpan<byte> data, int mtu)
    {
        _gate.Enter();
        ChannelStatus status = ChannelStatus.WouldBlock;
        if (_gate.IsClosed)
        {
            status = ChannelStatus.Down;
        }
        else
        {
            int segments = (data.Length + mtu - 1) / mtu;
            if (FreeBuffers >= (uint)segments)
            {
                SubmitChain(data, mtu, segments);
                status = ChannelStatus.Done;
            }
        }

        _gate.Leave();
        return status;
    }

    /// <summary>Client: what has been submitted so far is what the next flush waits for.</summary>
    internal void MarkFlush() => Volatile.Write(ref _flushTarget, SubmittedBuffers);

    /// <summary>Client: failures that no flush has reported yet.</summary>
    /// <returns>How many buffers; they count as reported now.</returns>
    internal ulong TakeNewFailures()
    {
        ulong failed = FailedBuffers;
        ulong news = failed - _failuresReported;
        _failuresReported = failed;
        return news;
    }

    /// <summary>Client: how many free buffers the next asynchronous wait is for.</summary>
    /// <param name="buffers">The number, of which the client may hold some already.</param>
    internal void MarkNeeded(uint buffers)
    {
        _neededTotal = buffers;
        Volatile.Write(ref _needed, buffers - Math.Min(buffers, _unsentCount));
    }

    /// <summary>Client: rents a buffer to fill in place.</summary>
    /// <param name="mtu">Bytes the client may fill.</param>
    /// <param name="lease">The buffer.</param>
    /// <returns>Done, or WouldBlock when no buffer is free.</returns>
    internal ChannelStatus TryRent(int mtu, out UplinkBuffer lease)
    {
        _gate.Enter();
        ChannelStatus status = ChannelStatus.WouldBlock;
        lease = default;
        if (_gate.IsClosed)
        {
            status = ChannelStatus.Down;
        }
        else if (TryTake(out uint buffer))
        {
            _leased++;
            lease = new UplinkBuffer(this, buffer, _generations[buffer], _slab.Slice(buffer, (uint)mtu));
            status = ChannelStatus.Done;
        }

        _gate.Leave();
        return status;
    }

    /// <summary>Client: ends a lease and submits its buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="generation">The lease's generation.</param>
    /// <param name="length">Bytes filled; the lease has checked them.</param>
    /// <returns>Done, or Down when the channel went down meanwhile; the lease has ended either way.</returns>
    internal ChannelStatus Commit(uint buffer, uint generation, int length)
    {
        EndLease(buffer, generation);
        _gate.Enter();
        ChannelStatus status = _gate.IsClosed ? ChannelStatus.Down : ChannelStatus.Done;
        if (status == ChannelStatus.Done)
        {
            Submit(new TransferToken(buffer, (ushort)length, 1));
        }

        _gate.Leave();
        return status;
    }

    /// <summary>Client: ends a lease without sending.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="generation">The lease's generation.</param>
    internal void Abandon(uint buffer, uint generation)
    {
        EndLease(buffer, generation);
        _unsent[_unsentCount++] = buffer;
        if (_gate.IsClosed)
        {
            // The poll thread may be waiting for the last lease, to give the memory back.
            _pollThread.Raise();
        }
        else if (Writable.Wake() is var wait && wait != 0 && FreeBuffers >= _neededTotal)
        {
            Writable.Complete(wait, isDown: false);
        }
    }

    /// <summary>Whether the port accepts nothing any more.</summary>
    internal bool IsClosed => _gate.IsClosed;

    /// <summary>Client: whether a lease is still the current one of its buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="generation">The lease's generation.</param>
    /// <returns>False after commit or dispose.</returns>
    internal bool IsCurrent(uint buffer, uint generation) => _generations[buffer] == generation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(out uint buffer)
    {
        if (_unsentCount != 0)
        {
            buffer = _unsent[--_unsentCount];
            return true;
        }

        return _free.TryPop(out buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Submit(TransferToken token)
    {
        // Before the push, whose release makes it visible: no completion is ever counted before its submission.
        _submittedBytes += token.Length;
        SchedulePoint.HitInside();
        _submitted.Push(token);
        SchedulePoint.HitInside();
        _pollThread.Raise();
    }

    private void SubmitChain(ReadOnlySpan<byte> data, int mtu, int segments)
    {
        _submittedBytes += (uint)data.Length;
        for (int i = 0; i < segments; i++)
        {
            int length = Math.Min(mtu, data.Length);
            _ = TryTake(out uint buffer);
            data[..length].CopyTo(_slab.Slice(buffer, (uint)length));
            data = data[length..];
            _submitted.Stage((uint)i, new TransferToken(buffer, (ushort)length, i == 0 ? (ushort)segments : (ushort)0));
        }

        // One step: the poll thread sees the whole descriptor or nothing of it.
        SchedulePoint.HitInside();
        _submitted.Publish((uint)segments);
        SchedulePoint.HitInside();
        _pollThread.Raise();
    }

    private void EndLease(uint buffer, uint generation)
    {
        if (_generations[buffer] != generation)
        {
            ThrowStaleLease();
        }

        _generations[buffer] = generation + 1;
        _leased--;
    }

    private static void ThrowStaleLease() =>
        throw new InvalidOperationException("This uplink buffer was already committed or disposed. Rent a new one for the next packet.");
}
