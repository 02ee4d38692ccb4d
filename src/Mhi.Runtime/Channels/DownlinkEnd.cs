using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>The reader's side of an open channel, shared by the channel classes that have one.</summary>
internal sealed class DownlinkEnd
{
    private readonly ChannelPair _pair;
    private readonly DownlinkPort _port;
    private readonly ReadOperation _pendingRead;

    internal DownlinkEnd(ChannelPair pair)
    {
        _pair = pair;
        _port = pair.Downlink ?? throw new ArgumentException("The connection has no downlink.", nameof(pair));
        _pendingRead = new ReadOperation(this);
    }

    internal DownlinkPort Port => _port;

    internal int Read(Span<byte> destination, TimeSpan? timeout)
    {
        ChannelStatus status = _port.TryRead(destination, out int count);
        if (status == ChannelStatus.WouldBlock)
        {
            Deadline deadline = Deadline.After(timeout);
            do
            {
                WaitForPacket(bytes: true, deadline, "Read");
                status = _port.TryRead(destination, out count);
            }
            while (status == ChannelStatus.WouldBlock);
        }

        if (status == ChannelStatus.Down)
        {
            ChannelThrow.Down(_pair);
        }

        return count;
    }

    internal ReceivedPacket Receive(TimeSpan? timeout)
    {
        ChannelStatus status = _port.TryReceive(out ReceivedPacket packet);
        if (status == ChannelStatus.WouldBlock)
        {
            Deadline deadline = Deadline.After(timeout);
            do
            {
                WaitForPacket(bytes: false, deadline, "Receive");
                status = _port.TryReceive(out packet);
            }
            while (status == ChannelStatus.WouldBlock);
        }

        if (status == ChannelStatus.Down)
        {
            ChannelThrow.Down(_pair);
        }

        return packet;
    }

    internal ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        return _port.TryRead(destination.Span, out int count) switch
        {
            ChannelStatus.Done => new ValueTask<int>(count),
            ChannelStatus.Down => ValueTask.FromException<int>(ChannelThrow.DownException(_pair)),
            _ => _pendingRead.Begin(destination, cancellationToken),
        };
    }

    internal ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (_port.HasPacket() || _port.IsClosed)
        {
            return new ValueTask<bool>(_port.HasPacket());
        }

        WaitPoint wait = _port.Readable;
        _port.MarkNeeded(bytes: false);
        wait.AnnounceAwait();
        if (_port.HasPacket() || _port.IsClosed)
        {
            if (wait.TryWithdrawAwait())
            {
                return new ValueTask<bool>(_port.HasPacket());
            }
        }
        else
        {
            wait.CancelOn(cancellationToken);
        }

        return new ValueTask<bool>(wait, wait.Version);
    }

    private void WaitForPacket(bool bytes, Deadline deadline, string operation)
    {
        int spins = _pair.Controller.Options.SpinIterations;
        while (!IsReadable(bytes) && !_port.IsClosed)
        {
            if (spins-- > 0)
            {
                Thread.SpinWait(1);
                continue;
            }

            if (deadline.IsOver)
            {
                ChannelThrow.TimedOut(_pair, operation);
            }

            _port.Readable.Announce();
            if (IsReadable(bytes) || _port.IsClosed)
            {
                _port.Readable.Withdraw();
            }
            else
            {
                _port.Readable.Park(deadline.Left);
            }
        }
    }

    private bool IsReadable(bool bytes) => bytes ? _port.HasBytes() : _port.HasPacket();

    /// <summary>The one asynchronous read that can be pending. The copy happens when the result is taken.</summary>
    private sealed class ReadOperation(DownlinkEnd end) : PendingOperation<int>(end._port.Readable)
    {
        private Memory<byte> _destination;

        internal ValueTask<int> Begin(Memory<byte> destination, CancellationToken cancellationToken)
        {
            _destination = destination;
            end._port.MarkNeeded(bytes: true);
            Wait.AnnounceAwait();
            return Begin(end._port.HasBytes() || end._port.IsClosed, cancellationToken);
        }

        protected override int Finish()
        {
            Memory<byte> destination = _destination;
            _destination = default;
            switch (end._port.TryRead(destination.Span, out int count))
            {
                case ChannelStatus.Down:
                    ChannelThrow.Down(end._pair);
                    break;
                case ChannelStatus.WouldBlock:
                    ChannelThrow.Stolen();
                    break;
            }

            return count;
        }
    }
}
