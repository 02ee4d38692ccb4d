using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>An open channel that sends to the device.</summary>
/// <remarks>
/// One writer at a time: at most one operation of this direction is under way. A write returns once its data is copied
/// and queued; <see cref="Flush"/> says when the device has it. Nothing here allocates after the channel is open.
/// </remarks>
/// <typeparam name="TDefinition">The channel's constants.</typeparam>
public class MhiUplinkChannel<TDefinition> : MhiChannel
    where TDefinition : struct, IChannelDefinition
{
    private readonly UplinkPort _port;
    private readonly WriteOperation _pendingWrite;
    private readonly FlushOperation _pendingFlush;

    /// <summary>Makes the channel over an open connection.</summary>
    /// <param name="connection">A connection opened for <typeparamref name="TDefinition"/>.</param>
    protected internal MhiUplinkChannel(ChannelConnection connection)
        : base(connection)
    {
        CheckDefinition<TDefinition>();
        _port = Pair.Uplink ?? throw new ArgumentException("The connection has no uplink.", nameof(connection));
        _pendingWrite = new WriteOperation(this);
        _pendingFlush = new FlushOperation(this);
    }

    /// <summary>Longest message that goes out as one packet, in bytes: every element of the ring chained.</summary>
    public int MaxMessageLength => (int)_port.MaxSegments * TDefinition.Mtu;

    /// <summary>Whether a write of up to one MTU would be taken about now. May be asked from any thread.</summary>
    public bool CanWrite => !_port.IsClosed && _port.HasFreeBuffer;

    /// <summary>Buffers queued since the channel was opened that the device has not completed.</summary>
    public long OutstandingBuffers => (long)_port.OutstandingBuffers;

    /// <summary>Buffers whose transfer the device reported as failed since the channel was opened.</summary>
    public long FailedBuffers => (long)_port.FailedBuffers;

    /// <summary>Queues a message as one packet, whole or not at all. Does not block.</summary>
    /// <param name="data">The message, at most <see cref="MaxMessageLength"/> bytes; an empty one queues nothing.</param>
    /// <returns>Done, WouldBlock or Down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The message is too long for one packet.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChannelStatus TryWrite(ReadOnlySpan<byte> data) =>
        (uint)(data.Length - 1) < (uint)TDefinition.Mtu ? _port.TryWriteOne(data) : TryWriteUncommon(data);

    /// <summary>Queues data, blocking while the pool has no room.</summary>
    /// <param name="data">
    /// The data. Up to <see cref="MaxMessageLength"/> bytes are one packet, more are cut into packets of that length; with
    /// the policy <see cref="WritePolicy.Eager"/> the packet ends where the pool is full.
    /// </param>
    /// <param name="timeout">Longest wait; null waits without limit.</param>
    /// <returns>
    /// Bytes queued: all, unless something stopped the write after at least one packet; the next call reports what.
    /// </returns>
    /// <exception cref="MhiException">The channel is down and nothing was queued.</exception>
    /// <exception cref="TimeoutException">The time was over before anything was queued.</exception>
    public int Write(ReadOnlySpan<byte> data, TimeSpan? timeout = null)
    {
        ChannelStatus first = data.Length <= MaxMessageLength ? TryWrite(data) : ChannelStatus.WouldBlock;
        return first == ChannelStatus.Done ? data.Length : WriteBlocking(data, Deadline.After(timeout));
    }

    /// <summary>Queues data, awaiting room in the pool.</summary>
    /// <param name="data">The data, cut into packets as by <see cref="Write"/>; must not change until the task completes.</param>
    /// <param name="cancellationToken">Gives up; nothing is queued then, unless packets were queued before.</param>
    /// <returns>Bytes queued, as for <see cref="Write"/>.</returns>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        if (data.Length > MaxMessageLength || (TDefinition.WritePolicy == WritePolicy.Eager && data.Length > TDefinition.Mtu))
        {
            return WritePacketsAsync(data, cancellationToken);
        }

        return TryWrite(data.Span) switch
        {
            ChannelStatus.Done => new ValueTask<int>(data.Length),
            ChannelStatus.Down => ValueTask.FromException<int>(ChannelThrow.DownException(Pair)),
            _ => _pendingWrite.Begin(data, cancellationToken),
        };
    }

    /// <summary>Rents a buffer in DMA memory to write a packet in place. Does not block.</summary>
    /// <param name="buffer">The buffer, as long as the MTU; valid when the result is Done.</param>
    /// <returns>Done, WouldBlock or Down.</returns>
    public ChannelStatus TryRent(out UplinkBuffer buffer) => _port.TryRent(TDefinition.Mtu, out buffer);

    /// <summary>Rents a buffer in DMA memory, blocking while none is free.</summary>
    /// <param name="timeout">Longest wait; null waits without limit.</param>
    /// <returns>The buffer.</returns>
    /// <exception cref="MhiException">The channel is down.</exception>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public UplinkBuffer Rent(TimeSpan? timeout = null)
    {
        ChannelStatus status = TryRent(out UplinkBuffer buffer);
        if (status == ChannelStatus.WouldBlock)
        {
            Deadline deadline = Deadline.After(timeout);
            do
            {
                WaitForBuffers(1, deadline, "Rent");
                status = TryRent(out buffer);
            }
            while (status == ChannelStatus.WouldBlock);
        }

        if (status == ChannelStatus.Down)
        {
            ChannelThrow.Down(Pair);
        }

        return buffer;
    }

    /// <summary>Waits until a write of up to one MTU would be taken.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when it would; false when the channel is down.</returns>
    public ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (_port.IsClosed || _port.FreeBuffers != 0)
        {
            return new ValueTask<bool>(!_port.IsClosed);
        }

        WaitPoint wait = _port.Writable;
        _port.MarkNeeded(1);
        wait.AnnounceAwait();
        if (_port.IsClosed || _port.FreeBuffers != 0)
        {
            if (wait.TryWithdrawAwait())
            {
                return new ValueTask<bool>(!_port.IsClosed);
            }
        }
        else
        {
            wait.CancelOn(cancellationToken);
        }

        return new ValueTask<bool>(wait, wait.Version);
    }

    /// <summary>Blocks until the device has completed everything queued so far.</summary>
    /// <param name="timeout">Longest wait; null waits without limit.</param>
    /// <exception cref="MhiException">The channel went down first, or the device reported a transfer as failed.</exception>
    /// <exception cref="TimeoutException">The time is over; the data stays queued.</exception>
    public void Flush(TimeSpan? timeout = null)
    {
        Deadline deadline = Deadline.After(timeout);
        _port.MarkFlush();
        int spins = Controller.Options.SpinIterations;
        while (!_port.IsFlushed && !_port.IsClosed)
        {
            if (spins-- > 0)
            {
                Thread.SpinWait(1);
                continue;
            }

            if (deadline.IsOver)
            {
                ChannelThrow.TimedOut(Pair, "Flush");
            }

            _port.Flushed.Announce();
            if (_port.IsFlushed || _port.IsClosed)
            {
                _port.Flushed.Withdraw();
            }
            else
            {
                _port.Flushed.Park(deadline.Left);
            }
        }

        FinishFlush();
    }

    /// <summary>Waits until the device has completed everything queued so far.</summary>
    /// <param name="cancellationToken">Gives up waiting; the data stays queued.</param>
    /// <returns>Completes then, or fails as <see cref="Flush"/> does.</returns>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _pendingFlush.Begin(cancellationToken);

    private ChannelStatus TryWriteUncommon(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return _port.IsClosed ? ChannelStatus.Down : ChannelStatus.Done;
        }

        if (data.Length > MaxMessageLength)
        {
            ChannelThrow.MessageTooLong(data.Length, MaxMessageLength);
        }

        return _port.TryWriteChain(data, TDefinition.Mtu);
    }

    private int WriteBlocking(ReadOnlySpan<byte> data, Deadline deadline)
    {
        int written = 0;
        do
        {
            ReadOnlySpan<byte> packet = data.Slice(written, NextPacketLength(data.Length - written));
            ChannelStatus status = TryWrite(packet);
            if (status == ChannelStatus.Done)
            {
                written += packet.Length;
            }
            else if (written > 0 && (status == ChannelStatus.Down || deadline.IsOver))
            {
                return written;
            }
            else if (status == ChannelStatus.Down)
            {
                ChannelThrow.Down(Pair);
            }
            else
            {
                WaitForBuffers(SegmentsOf(packet.Length), deadline, written > 0 ? null : "Write");
            }
        }
        while (written < data.Length);
        return written;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WritePacketsAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        int written = 0;
        while (written < data.Length)
        {
            ReadOnlyMemory<byte> packet = data.Slice(written, NextPacketLength(data.Length - written));
            ChannelStatus status = TryWrite(packet.Span);
            try
            {
                written += status switch
                {
                    ChannelStatus.Done => packet.Length,
                    ChannelStatus.Down => throw ChannelThrow.DownException(Pair),
                    _ => await _pendingWrite.Begin(packet, cancellationToken).ConfigureAwait(false),
                };
            }
            catch (Exception exception) when (written > 0 && exception is OperationCanceledException or MhiException)
            {
                // Progress is reported; the next call meets the cause.
                return written;
            }
        }

        return written;
    }

    /// <summary>How much of the rest the next packet takes.</summary>
    private int NextPacketLength(int rest)
    {
        if (TDefinition.WritePolicy == WritePolicy.Eager)
        {
            uint free = Math.Clamp(_port.FreeBuffers, 1, _port.MaxSegments);
            return (int)Math.Min((uint)rest, free * (uint)TDefinition.Mtu);
        }

        return Math.Min(rest, MaxMessageLength);
    }

    private void WaitForBuffers(uint needed, Deadline deadline, string? operation)
    {
        int spins = Controller.Options.SpinIterations;
        while (_port.FreeBuffers < needed && !_port.IsClosed)
        {
            if (spins-- > 0)
            {
                Thread.SpinWait(1);
                continue;
            }

            if (deadline.IsOver)
            {
                if (operation is not null)
                {
                    ChannelThrow.TimedOut(Pair, operation);
                }

                return;
            }

            _port.Writable.Announce();
            if (_port.FreeBuffers >= needed || _port.IsClosed)
            {
                _port.Writable.Withdraw();
            }
            else
            {
                _port.Writable.Park(deadline.Left);
            }
        }
    }

    private void FinishFlush()
    {
        if (!_port.IsFlushed)
        {
            ChannelThrow.Down(Pair);
        }

        ulong failed = _port.TakeNewFailures();
        if (failed != 0)
        {
            throw new MhiException(
                MhiErrorCode.TransferFailed, $"{Controller.Name} reported {failed} buffer(s) of channel {Name} as failed since the last flush; their data was lost on the device's side.", Name);
        }
    }

    private static uint SegmentsOf(int length) => (uint)((length + TDefinition.Mtu - 1) / TDefinition.Mtu);

    /// <summary>The one asynchronous write that can be pending. The copy happens when the result is taken.</summary>
    private sealed class WriteOperation(MhiUplinkChannel<TDefinition> channel) : PendingOperation<int>(channel._port.Writable)
    {
        private ReadOnlyMemory<byte> _data;

        internal ValueTask<int> Begin(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            _data = data;
            UplinkPort port = channel._port;
            uint needed = SegmentsOf(data.Length);
            port.MarkNeeded(needed);
            Wait.AnnounceAwait();
            return Begin(port.IsClosed || port.FreeBuffers >= needed, cancellationToken);
        }

        protected override int Finish()
        {
            ReadOnlyMemory<byte> data = _data;
            _data = default;
            switch (channel.TryWrite(data.Span))
            {
                case ChannelStatus.Down:
                    ChannelThrow.Down(channel.Pair);
                    break;
                case ChannelStatus.WouldBlock:
                    ChannelThrow.Stolen();
                    break;
            }

            return data.Length;
        }
    }

    /// <summary>The one asynchronous flush that can be pending.</summary>
    private sealed class FlushOperation(MhiUplinkChannel<TDefinition> channel) : PendingOperation<bool>(channel._port.Flushed)
    {
        internal ValueTask Begin(CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled(cancellationToken);
            }

            UplinkPort port = channel._port;
            port.MarkFlush();
            Wait.AnnounceAwait();
            return BeginVoid(port.IsFlushed || port.IsClosed, cancellationToken);
        }

        protected override bool Finish()
        {
            channel.FinishFlush();
            return true;
        }
    }
}
