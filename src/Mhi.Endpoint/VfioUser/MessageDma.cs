using System;
using System.Buffers.Binary;
using System.Threading;
using Mhi.Endpoint.Dma;
using Mhi.Interop;
using Mhi.Pci.VfioUser.Protocol;

namespace Mhi.Endpoint.VfioUser;

/// <summary>Guest memory that the client did not share: reached by DMA_READ and DMA_WRITE messages.</summary>
/// <remarks>
/// <para>The device thread asks and waits; the socket thread receives the answer and never waits for anything here. So a
/// register access is answered however long the client takes, which it has to be: a client may serve memory only after
/// it got the register's value.</para>
/// <para>One request is under way at a time and moves at most 64 KiB: larger answers overrun the client's socket buffer.
/// Closing the gate makes the request under way and all further ones fail at once; an answer that still comes is dropped.</para>
/// </remarks>
internal sealed class MessageDma : IRemoteMemory
{
    private const int MaxPiece = 1 << 16;
    private const int AccessLength = 16;
    private const int DataOffset = MessageHeader.Size + AccessLength;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly object _sync = new();
    private readonly byte[] _message = new byte[DataOffset + MaxPiece];
    private MessageStream? _stream;
    private int _maxPiece = MaxPiece;
    private bool _isOpen;
    private Phase _phase;
    private MessageHeader _request;
    private ulong _address;
    private int _count;

    private enum Phase
    {
        Idle,
        Asked,
        Abandoned,
        Answered,
        Refused,
    }

    /// <summary>Requests sent so far. May be read by any thread.</summary>
    internal long Requests { get; private set; }

    /// <summary>Socket thread: a client is there.</summary>
    /// <param name="stream">The way to it.</param>
    /// <param name="maxTransfer">Most bytes it accepts in one access.</param>
    internal void Attach(MessageStream stream, int maxTransfer)
    {
        lock (_sync)
        {
            _stream = stream;
            _maxPiece = Math.Clamp(maxTransfer, 1, MaxPiece);
            _phase = Phase.Idle;
        }
    }

    /// <summary>Socket thread: the client has gone. The gate must be closed.</summary>
    internal void Detach()
    {
        lock (_sync)
        {
            _stream = null;
            _phase = Phase.Idle;
        }
    }

    /// <summary>Socket thread: lets requests through, or makes them fail at once, the one under way included.</summary>
    /// <param name="isOpen">Whether requests are let through.</param>
    internal void SetOpen(bool isOpen)
    {
        lock (_sync)
        {
            _isOpen = isOpen;
            Monitor.PulseAll(_sync);
        }
    }

    /// <summary>Ends the client's connection, if there is one. Any thread.</summary>
    internal void HangUp()
    {
        lock (_sync)
        {
            _stream?.Shutdown();
        }
    }

    /// <inheritdoc/>
    public bool TryRead(ulong iova, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> piece = destination[..Math.Min(destination.Length, _maxPiece)];
            if (!Ask(VfioUserCommand.DmaRead, iova, piece.Length, []))
            {
                return false;
            }

            _message.AsSpan(DataOffset, piece.Length).CopyTo(piece);
            destination = destination[piece.Length..];
            iova += (uint)piece.Length;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryWrite(ulong iova, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> piece = source[..Math.Min(source.Length, _maxPiece)];
            if (!Ask(VfioUserCommand.DmaWrite, iova, piece.Length, piece))
            {
                return false;
            }

            source = source[piece.Length..];
            iova += (uint)piece.Length;
        }

        return true;
    }

    /// <summary>Socket thread: a reply has come.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">What followed.</param>
    /// <exception cref="ProtocolException">It answers nothing that was asked.</exception>
    internal void OnReply(in MessageHeader header, ReadOnlySpan<byte> payload)
    {
        lock (_sync)
        {
            if (_phase is not (Phase.Asked or Phase.Abandoned) || header.Id != _request.Id || header.Command != _request.Command)
            {
                throw new ProtocolException($"The client sent a reply {header.Id} to command {(int)header.Command}, which nobody sent.");
            }

            bool isError = (header.Flags & MessageHeader.ErrorFlag) != 0;
            int data = header.Command == VfioUserCommand.DmaRead ? _count : 0;
            if (!isError && (payload.Length != AccessLength + data || !IsEcho(payload)))
            {
                throw new ProtocolException($"The client's answer to command {(int)header.Command} is not about the {_count} bytes that it asked for.");
            }

            if (_phase == Phase.Abandoned)
            {
                _phase = Phase.Idle;
            }
            else if (isError)
            {
                _phase = Phase.Refused;
            }
            else
            {
                payload[AccessLength..].CopyTo(_message.AsSpan(DataOffset));
                _phase = Phase.Answered;
            }

            Monitor.PulseAll(_sync);
        }
    }

    private bool IsEcho(ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt64LittleEndian(payload) == _address
        && BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]) == (ulong)_count;

    private bool Ask(VfioUserCommand command, ulong address, int count, ReadOnlySpan<byte> data)
    {
        if (!TryBegin(command, address, count, data, out MessageStream? stream))
        {
            return false;
        }

        try
        {
            stream!.Send(_message.AsSpan(0, DataOffset + data.Length));
        }
        catch (Exception exception) when (exception is ProtocolException or SystemCallException)
        {
            // The socket thread finds the connection ended and cleans up.
            stream!.Shutdown();
        }

        lock (_sync)
        {
            if (!WaitWhile(Phase.Asked, stream!))
            {
                if (_phase == Phase.Asked)
                {
                    _phase = Phase.Abandoned;
                }

                return false;
            }

            bool answered = _phase == Phase.Answered;
            _phase = Phase.Idle;
            return answered;
        }
    }

    private bool TryBegin(VfioUserCommand command, ulong address, int count, ReadOnlySpan<byte> data, out MessageStream? stream)
    {
        lock (_sync)
        {
            stream = _stream;
            if (stream is null || !WaitWhile(Phase.Abandoned, stream))
            {
                return false;
            }

            _request = new MessageHeader((ushort)(_request.Id + 1), command, (uint)(DataOffset + data.Length), MessageHeader.TypeCommand, 0);
            _address = address;
            _count = count;
            _phase = Phase.Asked;
            Requests++;
            _request.Write(_message);
            BinaryPrimitives.WriteUInt64LittleEndian(_message.AsSpan(MessageHeader.Size), address);
            BinaryPrimitives.WriteUInt64LittleEndian(_message.AsSpan(MessageHeader.Size + 8), (ulong)count);
            data.CopyTo(_message.AsSpan(DataOffset));
            return true;
        }
    }

    // False when the gate is closed, or the client has not answered for so long that it never will.
    private bool WaitWhile(Phase phase, MessageStream stream)
    {
        while (_isOpen && _phase == phase)
        {
            if (!Monitor.Wait(_sync, s_patience))
            {
                stream.Shutdown();
                return false;
            }
        }

        return _isOpen;
    }
}
