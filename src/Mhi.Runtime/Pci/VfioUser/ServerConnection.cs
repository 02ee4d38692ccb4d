using System;
using System.Threading;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser.Protocol;

namespace Mhi.Pci.VfioUser;

/// <summary>The connection to the server: its messages, and its end.</summary>
/// <remarks>
/// <para>A thread of its own does nothing but receive. It sleeps in poll(2) while nothing comes; it hands replies to the one
/// thread that waits for them, answers the server's requests for memory, and sees at once that the server has gone. It has to
/// be a thread: a server may ask for memory before it answers a register access, or while the driver sleeps on its interrupt
/// descriptors, and a server that has died signals none of those.</para>
/// <para>Calls come from one thread at a time, as those of the function do. Nothing is allocated by a call. Whatever is wrong
/// with what the server sends, or with how long it takes, ends the connection for good, because its messages cannot be told
/// apart any more; <see cref="Alarm"/> is signalled then.</para>
/// </remarks>
internal sealed partial class ServerConnection : IDisposable
{
    /// <summary>Longest payload of a request; data of a configuration write and all descriptions fit.</summary>
    internal const int MaxRequest = 4096;

    /// <summary>Longest payload of a reply that is of use here.</summary>
    internal const int MaxAnswer = 8192;

    private readonly LocalSocket _socket;
    private readonly MessageStream _stream;
    private readonly EventFd _stop = new();
    private readonly string _peer;
    private readonly int _timeoutMilliseconds;
    private readonly object _sync = new();
    private readonly byte[] _request = new byte[MessageHeader.Size + MaxRequest];
    private readonly byte[] _answer = new byte[MaxAnswer];
    private readonly Thread _reader;
    private ushort _lastId;
    private Phase _phase;
    private MessageHeader _asked;
    private int _answerLength;
    private FileDescriptor? _answerDescriptor;
    private MhiFailure? _removal;
    private volatile MhiFailure? _lost;

    /// <summary>Takes a connection over and starts to receive.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="peer">Who is at the other end, for messages: <c>The server at 'path'</c>.</param>
    /// <param name="timeout">Longest time for a reply.</param>
    internal ServerConnection(LocalSocket socket, string peer, TimeSpan timeout)
    {
        _socket = socket;
        _peer = peer;
        _timeoutMilliseconds = (int)timeout.TotalMilliseconds;
        _stream = new MessageStream(socket, _stop, peer);
        _reader = new Thread(ReadToEnd) { IsBackground = true, Name = "mhi vfio-user" };
        _reader.Start();
    }

    private enum Phase
    {
        Idle,
        Asked,
        Answered,
        Refused,
    }

    /// <summary>Becomes readable when the connection has ended.</summary>
    internal EventFd Alarm { get; } = new();

    /// <summary>What the server may ask for.</summary>
    internal DmaMappings Memory { get; } = new();

    /// <summary>Whether the connection has ended. Any thread.</summary>
    internal bool IsLost => _lost is not null;

    /// <summary>Why it has ended; null while it has not. Any thread.</summary>
    internal MhiFailure? Failure => _lost;

    /// <summary>Why it has ended, as a driver sees it: whatever happened to the server, the device is gone.</summary>
    internal MhiFailure? Removal => _lost is null ? null : _removal;

    /// <summary>Who is at the other end, for messages.</summary>
    internal string Peer => _peer;

    /// <summary>Payload of the last answer, until the next call.</summary>
    internal ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _answerLength);

    /// <summary>Error number of the last refusal.</summary>
    internal uint Error { get; private set; }

    /// <summary>Where the payload of the next call is to be put.</summary>
    /// <param name="length">Its length.</param>
    /// <returns>Room for it, zeroed.</returns>
    internal Span<byte> Request(int length)
    {
        Span<byte> payload = _request.AsSpan(MessageHeader.Size, length);
        payload.Clear();
        return payload;
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="command">The command.</param>
    /// <param name="payloadLength">How much of <see cref="Request"/> goes with it.</param>
    /// <param name="descriptors">Descriptors that go with it; they stay open here.</param>
    /// <returns>What became of it.</returns>
    internal CallResult Call(VfioUserCommand command, int payloadLength, ReadOnlySpan<FileDescriptor> descriptors = default)
    {
        int length = MessageHeader.Size + payloadLength;
        var header = new MessageHeader(++_lastId, command, (uint)length, MessageHeader.TypeCommand, 0);
        header.Write(_request);
        lock (_sync)
        {
            DropDescriptor();
            _answerLength = 0;
            _asked = header;
            _phase = Phase.Asked;
        }

        if (!TrySend(_request.AsSpan(0, length), descriptors))
        {
            return CallResult.Lost;
        }

        return AwaitAnswer(command);
    }

    /// <summary>Sends a command that wants no answer.</summary>
    /// <param name="command">The command.</param>
    /// <param name="message">Room for the header, then the payload.</param>
    internal void Post(VfioUserCommand command, Span<byte> message)
    {
        new MessageHeader(++_lastId, command, (uint)message.Length, MessageHeader.TypeCommand | MessageHeader.NoReply, 0).Write(message);
        _ = TrySend(message, []);
    }

    /// <summary>Whether the last answer repeats the beginning of its request and has data of a length.</summary>
    /// <param name="length">Bytes that must be repeated.</param>
    /// <param name="dataLength">Bytes that must follow.</param>
    /// <returns>Whether it is so.</returns>
    internal bool IsEcho(int length, int dataLength) =>
        _answerLength == length + dataLength && _answer.AsSpan(0, length).SequenceEqual(_request.AsSpan(MessageHeader.Size, length));

    /// <summary>Takes the descriptor that came with the last answer; the caller disposes it.</summary>
    /// <returns>The descriptor; null when there was none.</returns>
    internal FileDescriptor? TakeDescriptor()
    {
        FileDescriptor? descriptor = _answerDescriptor;
        _answerDescriptor = null;
        return descriptor;
    }

    /// <summary>Ends the connection because an answer makes no sense.</summary>
    /// <param name="command">What was asked.</param>
    internal void LoseMalformed(VfioUserCommand command) =>
        Lose(MhiErrorCode.ProtocolViolation, $"{_peer} answered {NameOf(command)} with {_answerLength} bytes that are no answer to it.");

    /// <summary>Ends the connection. Any thread; the first reason stays.</summary>
    /// <param name="code">What kind of end it is.</param>
    /// <param name="reason">Why, as a sentence.</param>
    internal void Lose(MhiErrorCode code, string reason)
    {
        lock (_sync)
        {
            if (_lost is not null)
            {
                return;
            }

            var failure = new MhiFailure(code, reason);
            _removal = failure with { Code = MhiErrorCode.DeviceRemoved };
            _lost = failure;
            Monitor.PulseAll(_sync);
        }

        _socket.Shutdown();
        Alarm.Signal();
    }

    /// <summary>Name of a command in the protocol's own words.</summary>
    internal static string NameOf(VfioUserCommand command) => command switch
    {
        VfioUserCommand.Version => "VERSION",
        VfioUserCommand.DmaMap => "DMA_MAP",
        VfioUserCommand.DmaUnmap => "DMA_UNMAP",
        VfioUserCommand.GetDeviceInfo => "DEVICE_GET_INFO",
        VfioUserCommand.GetRegionInfo => "DEVICE_GET_REGION_INFO",
        VfioUserCommand.GetInterruptInfo => "DEVICE_GET_IRQ_INFO",
        VfioUserCommand.SetInterrupts => "DEVICE_SET_IRQS",
        VfioUserCommand.RegionRead => "REGION_READ",
        VfioUserCommand.RegionWrite => "REGION_WRITE",
        VfioUserCommand.DeviceReset => "DEVICE_RESET",
        _ => $"command {(int)command}",
    };

    /// <summary>Ends the connection and the thread that receives.</summary>
    public void Dispose()
    {
        Lose(MhiErrorCode.DeviceRemoved, "The connection was closed.");
        _stop.Signal();
        _reader.Join();
        DropDescriptor();
        _stream.Dispose();
        _socket.Dispose();
        _stop.Dispose();
        Alarm.Dispose();
    }

    private CallResult AwaitAnswer(VfioUserCommand command)
    {
        lock (_sync)
        {
            long end = Environment.TickCount64 + _timeoutMilliseconds;
            while (_phase == Phase.Asked && _lost is null)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_sync, (int)left))
                {
                    break;
                }
            }

            Phase phase = _phase;
            _phase = Phase.Idle;
            switch (phase)
            {
                case Phase.Answered:
                    return CallResult.Answered;
                case Phase.Refused:
                    return CallResult.Refused;
            }
        }

        Lose(MhiErrorCode.DeviceRemoved, $"{_peer} has not answered {NameOf(command)} for {_timeoutMilliseconds} ms.");
        return CallResult.Lost;
    }

    private bool TrySend(ReadOnlySpan<byte> message, ReadOnlySpan<FileDescriptor> descriptors)
    {
        if (_lost is not null)
        {
            return false;
        }

        try
        {
            _stream.Send(message, descriptors);
            return true;
        }
        catch (Exception exception) when (exception is ProtocolException or SystemCallException)
        {
            Lose(MhiErrorCode.DeviceRemoved, exception.Message);
            return false;
        }
    }

    private void DropDescriptor()
    {
        _answerDescriptor?.Dispose();
        _answerDescriptor = null;
    }
}
