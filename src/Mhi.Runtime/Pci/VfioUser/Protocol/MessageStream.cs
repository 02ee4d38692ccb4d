using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;

namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>Cuts a connection into messages.</summary>
/// <remarks>
/// One thread receives and replies. Another may send commands; a message goes out whole. A peer that leaves a message
/// unfinished, or takes none, for <see cref="StallMilliseconds"/> loses the connection.
/// </remarks>
internal sealed class MessageStream : IDisposable
{
    /// <summary>Most bytes that one region or memory access moves; told to the other side.</summary>
    internal const int MaxTransfer = 1 << 20;

    private const int MaxMessage = MessageHeader.Size + WireFormat.AccessLength + MaxTransfer;
    private const int StallMilliseconds = 5000;

    private readonly LocalSocket _socket;
    private readonly EventFd _stop;
    private readonly string _peer;
    private readonly Lock _sending = new();
    private readonly List<FileDescriptor> _descriptors = [];
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(MaxMessage);
    private readonly byte[] _reply = GC.AllocateUninitializedArray<byte>(MaxMessage);
    private int _payloadLength;

    /// <summary>Takes a connection.</summary>
    /// <param name="socket">The connection; belongs to the caller.</param>
    /// <param name="stop">Ends every wait when signalled.</param>
    /// <param name="peer">Who is at the other end, for messages: <c>The client</c>.</param>
    internal MessageStream(LocalSocket socket, EventFd stop, string peer)
    {
        _socket = socket;
        _stop = stop;
        _peer = peer;
    }

    /// <summary>What followed the header of the message received last.</summary>
    internal ReadOnlySpan<byte> Payload => _received.AsSpan(MessageHeader.Size, _payloadLength);

    /// <summary>What came with it; a handler that keeps one takes it out with <see cref="TakeDescriptor"/>.</summary>
    internal int DescriptorCount => _descriptors.Count;

    /// <summary>Where the payload of the next reply is to be put.</summary>
    internal Span<byte> ReplyPayload => _reply.AsSpan(MessageHeader.Size);

    /// <summary>Waits for the next message. Descriptors of the one before that nobody took are closed.</summary>
    /// <param name="header">Its header.</param>
    /// <returns>False when the other side has gone, or the wait was ended.</returns>
    /// <exception cref="ProtocolException">What came is no message.</exception>
    internal bool TryReceive(out MessageHeader header)
    {
        CloseDescriptors();
        header = default;
        int got = ReceiveSome(_received.AsSpan(0, MessageHeader.Size), -1);
        if (got == 0)
        {
            return false;
        }

        ReceiveRest(_received.AsSpan(got, MessageHeader.Size - got));
        header = MessageHeader.Read(_received);
        if (header.Length is < MessageHeader.Size or > MaxMessage)
        {
            throw new ProtocolException($"{_peer} announced a message of {header.Length} bytes; {MessageHeader.Size} to {MaxMessage} are possible.");
        }

        _payloadLength = (int)header.Length - MessageHeader.Size;
        ReceiveRest(_received.AsSpan(MessageHeader.Size, _payloadLength));
        return true;
    }

    /// <summary>Takes a descriptor of the message; the caller disposes it.</summary>
    /// <param name="index">Its place among those left.</param>
    /// <returns>The descriptor.</returns>
    internal FileDescriptor TakeDescriptor(int index)
    {
        FileDescriptor descriptor = _descriptors[index];
        _descriptors.RemoveAt(index);
        return descriptor;
    }

    /// <summary>Answers a command.</summary>
    /// <param name="command">The command's header.</param>
    /// <param name="payloadLength">How much of <see cref="ReplyPayload"/> belongs to the answer.</param>
    internal void SendReply(in MessageHeader command, int payloadLength)
    {
        int length = MessageHeader.Size + payloadLength;
        new MessageHeader(command.Id, command.Command, (uint)length, MessageHeader.TypeReply, 0).Write(_reply);
        Send(_reply.AsSpan(0, length));
    }

    /// <summary>Answers a command with an error.</summary>
    /// <param name="command">The command's header.</param>
    /// <param name="error">What is wrong.</param>
    internal void SendError(in MessageHeader command, ErrorNumber error)
    {
        new MessageHeader(
            command.Id, command.Command, MessageHeader.Size, MessageHeader.TypeReply | MessageHeader.ErrorFlag, (uint)error).Write(_reply);
        Send(_reply.AsSpan(0, MessageHeader.Size));
    }

    /// <summary>Sends a whole message. May be called by any thread.</summary>
    /// <param name="message">The message, header included.</param>
    /// <param name="descriptors">Descriptors that go with it; they stay open here.</param>
    /// <exception cref="ProtocolException">The other side does not take it.</exception>
    internal void Send(ReadOnlySpan<byte> message, ReadOnlySpan<FileDescriptor> descriptors = default)
    {
        lock (_sending)
        {
            while (!message.IsEmpty)
            {
                int sent = _socket.Send(message, descriptors);
                if (sent == 0)
                {
                    // The receiving side sees the end of the connection, and says so.
                    return;
                }

                if (sent > 0)
                {
                    message = message[sent..];
                    descriptors = [];
                    continue;
                }

                switch (_socket.WaitToSend(_stop, StallMilliseconds))
                {
                    case SocketWait.Stopped:
                        return;
                    case SocketWait.TimedOut:
                        throw new ProtocolException($"{_peer} has taken no message for {StallMilliseconds / 1000} s.");
                }
            }
        }
    }

    /// <summary>Ends the connection. May be called by any thread.</summary>
    internal void Shutdown() => _socket.Shutdown();

    /// <summary>Closes what the last message left. The socket belongs to the caller.</summary>
    public void Dispose() => CloseDescriptors();

    private void ReceiveRest(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int got = ReceiveSome(buffer, StallMilliseconds);
            if (got == 0)
            {
                throw new ProtocolException($"{_peer} ended the connection in the middle of a message.");
            }

            buffer = buffer[got..];
        }
    }

    private int ReceiveSome(Span<byte> buffer, int timeoutMilliseconds)
    {
        while (true)
        {
            int got;
            try
            {
                got = _socket.Receive(buffer, _descriptors);
            }
            catch (TooManyDescriptorsException exception)
            {
                throw new ProtocolException(exception.Message);
            }

            if (got >= 0)
            {
                return got;
            }

            switch (_socket.WaitToReceive(_stop, timeoutMilliseconds))
            {
                case SocketWait.Stopped:
                    return 0;
                case SocketWait.TimedOut:
                    throw new ProtocolException($"{_peer} left a message unfinished for {StallMilliseconds / 1000} s.");
            }
        }
    }

    private void CloseDescriptors()
    {
        foreach (FileDescriptor descriptor in _descriptors)
        {
            descriptor.Dispose();
        }

        _descriptors.Clear();
    }
}
