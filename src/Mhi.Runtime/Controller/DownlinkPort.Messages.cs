using System;
using System.Threading;
using Mhi.Channels;
using Mhi.Rings;

namespace Mhi.Controller;

/// <content>Reading with message boundaries, and the numbers that a layer above shows.</content>
internal sealed partial class DownlinkPort
{
    /// <summary>Bytes that one receive buffer takes.</summary>
    internal int Capacity => _capacity;

    /// <summary>Received buffers that nobody has begun to read. Any thread.</summary>
    internal uint PendingBuffers => _pending.Count;

    /// <summary>Whether a buffer is partly read. Any thread.</summary>
    internal bool HasCurrent => Volatile.Read(ref _hasCurrent);

    /// <summary>Buffers given back and not yet posted. Any thread.</summary>
    internal uint DeferredBuffers => _recycled.Count;

    /// <summary>Client: bytes that have arrived and were not read, over all messages.</summary>
    /// <returns>Their number; bounded by what the receive buffers hold.</returns>
    internal int CountUnread()
    {
        _gate.Enter();
        uint unread = 0;
        if (!_gate.IsReleased)
        {
            unread = _hasCurrent ? _current.Length - _offset : 0;
            uint pending = _pending.CountForConsumer;
            for (uint i = 0; i < pending; i++)
            {
                unread += _pending.Peek(i).Length;
            }
        }

        _gate.Leave();
        return (int)unread;
    }

    /// <summary>Client: copies bytes of the oldest unread message and says whether that was its end.</summary>
    /// <param name="destination">Receives them.</param>
    /// <param name="count">How many were copied.</param>
    /// <param name="endOfMessage">Whether these were the message's last.</param>
    /// <param name="truncated">With the end: whether the message lost bytes on its way.</param>
    /// <returns>
    /// Done, also for an empty packet or an end that came after its bytes were read; WouldBlock when nothing is there;
    /// Down when nothing is there and nothing will come.
    /// </returns>
    internal ChannelStatus TryReceive(Span<byte> destination, out int count, out bool endOfMessage, out bool truncated)
    {
        _gate.Enter();
        ChannelStatus status;
        count = 0;
        endOfMessage = false;
        truncated = false;
        if (!_gate.IsReleased && (_hasCurrent || TryNext()))
        {
            count = CopyOut(destination);
            if (!_hasCurrent)
            {
                EndPiece(_current, out endOfMessage, out truncated);
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

    // A piece that continues may be followed by an empty one that only ends the message: the two are read as one.
    private void EndPiece(TransferToken piece, out bool endOfMessage, out bool truncated)
    {
        bool continues = (piece.Mark & TransferToken.Flags.Continues) != 0;
        if (continues && _pending.CountForConsumer != 0)
        {
            TransferToken next = _pending.Peek(0);
            if (next.Length == 0 && (next.Mark & TransferToken.Flags.Continues) == 0)
            {
                _pending.Advance(1);
                Recycle(next.Buffer);
                piece = next;
                continues = false;
            }
        }

        endOfMessage = !continues;
        truncated = (piece.Mark & TransferToken.Flags.Truncated) != 0;
    }
}
