using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Threading;

namespace Mhi.Interop.Sockets;

/// <summary>A connected stream socket of the local machine, over which descriptors travel with the bytes (SCM_RIGHTS).</summary>
/// <remarks>
/// Neither sending nor receiving blocks; <see cref="WaitToReceive"/> and <see cref="WaitToSend"/> do. One thread may receive
/// while another sends.
/// </remarks>
public sealed unsafe class LocalSocket : SafeHandle
{
    /// <summary>Most descriptors that one call sends or receives.</summary>
    public const int MaxDescriptors = 16;

    /// <summary>Most bytes of the path of a socket to connect to.</summary>
    public const int MaxPath = Libc.SocketAddress.MaxPath;

    private const int ControlHeaderLength = 16;

    // Room for one descriptor more than allowed: the kernel then reports a sender that exceeds the number.
    private const int ControlLength = ControlHeaderLength + ((MaxDescriptors + 2) * sizeof(int));

    internal LocalSocket(int descriptor)
        : base(descriptor, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    internal int Number => (int)handle;

    /// <summary>Connects to a listening socket.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="SystemCallException">Nobody listens there, too many wait already, or the kernel refused.</exception>
    public static LocalSocket Connect(string path)
    {
        // Not blocking: a listener whose queue is full would keep the caller for as long as it likes.
        Libc.SocketAddress address = LocalListener.AddressOf(path);
        int descriptor = Libc.CreateSocket(
            Libc.AddressFamilyUnix, Libc.SocketStream | Libc.SocketCloseOnExec | Libc.SocketNonBlocking, 0);
        if (descriptor < 0)
        {
            throw new SystemCallException("socket", "create a socket");
        }

        var socket = new LocalSocket(descriptor);
        if (Libc.Connect(descriptor, &address, (uint)sizeof(Libc.SocketAddress)) != 0)
        {
            var exception = new SystemCallException("connect", $"connect to '{path}'");
            socket.Dispose();
            throw exception;
        }

        return socket;
    }

    /// <summary>Creates two sockets that are connected with each other.</summary>
    /// <returns>The two ends.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static (LocalSocket First, LocalSocket Second) CreatePair()
    {
        int* descriptors = stackalloc int[2];
        return Libc.CreateSocketPair(Libc.AddressFamilyUnix, Libc.SocketStream | Libc.SocketCloseOnExec, 0, descriptors) == 0
            ? (new LocalSocket(descriptors[0]), new LocalSocket(descriptors[1]))
            : throw new SystemCallException("socketpair", "create a pair of sockets");
    }

    /// <summary>Waits until there is something to receive, or the other side has gone.</summary>
    /// <param name="stop">Ends the wait when signalled; null for none. It stays signalled.</param>
    /// <param name="timeoutMilliseconds">Longest wait; -1 waits without limit.</param>
    /// <returns>Why the wait ended.</returns>
    public SocketWait WaitToReceive(EventFd? stop, int timeoutMilliseconds) => Wait(Number, Libc.PollIn, stop, timeoutMilliseconds);

    /// <summary>Waits until something can be sent, or the other side has gone.</summary>
    /// <param name="stop">Ends the wait when signalled; null for none. It stays signalled.</param>
    /// <param name="timeoutMilliseconds">Longest wait; -1 waits without limit.</param>
    /// <returns>Why the wait ended.</returns>
    public SocketWait WaitToSend(EventFd? stop, int timeoutMilliseconds) => Wait(Number, Libc.PollOut, stop, timeoutMilliseconds);

    /// <summary>Takes what has arrived.</summary>
    /// <param name="buffer">Where to; not empty.</param>
    /// <param name="descriptors">Receives the descriptors that came with the bytes, in order; the caller disposes them.</param>
    /// <returns>Number of bytes; 0 when the other side has gone; -1 when nothing has arrived.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="TooManyDescriptorsException">More than <see cref="MaxDescriptors"/> came at once; some are lost.</exception>
    public int Receive(Span<byte> buffer, List<FileDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        byte* control = stackalloc byte[ControlLength];
        fixed (byte* bytes = buffer)
        {
            var part = new Libc.Buffer { Base = bytes, Length = (nuint)buffer.Length };
            while (true)
            {
                var message = new Libc.MessageHeader { Buffers = &part, BufferCount = 1, Control = control, ControlLength = ControlLength };
                int received = (int)Libc.ReceiveMessage(Number, &message, Libc.MessageDontWait | Libc.MessageCloseOnExec);
                if (received >= 0)
                {
                    int taken = TakeDescriptors(control, message.ControlLength, descriptors);
                    return (message.Flags & Libc.MessageControlTruncated) == 0 && taken <= MaxDescriptors
                        ? received
                        : throw new TooManyDescriptorsException();
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.ErrorInterrupted:
                        continue;
                    case Libc.ErrorAgain:
                        return -1;
                    case Libc.ErrorConnectionReset:
                        return 0;
                    default:
                        throw new SystemCallException("recvmsg", "receive from a socket");
                }
            }
        }
    }

    /// <summary>Sends as much as the socket takes at once.</summary>
    /// <param name="bytes">The bytes; not empty.</param>
    /// <param name="descriptors">Descriptors to send with the first byte, at most <see cref="MaxDescriptors"/>; they stay open here.</param>
    /// <returns>Number of bytes; 0 when the other side has gone; -1 when the socket is full and nothing was sent.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public int Send(ReadOnlySpan<byte> bytes, ReadOnlySpan<FileDescriptor> descriptors = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors, nameof(descriptors));
        byte* control = stackalloc byte[ControlLength];
        fixed (byte* start = bytes)
        {
            var part = new Libc.Buffer { Base = start, Length = (nuint)bytes.Length };
            while (true)
            {
                var message = new Libc.MessageHeader { Buffers = &part, BufferCount = 1 };
                if (!descriptors.IsEmpty)
                {
                    message.Control = control;
                    message.ControlLength = PutDescriptors(control, descriptors);
                }

                int sent = (int)Libc.SendMessage(Number, &message, Libc.MessageDontWait | Libc.MessageNoSignal);
                if (sent >= 0)
                {
                    return sent;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Libc.ErrorInterrupted:
                        continue;
                    case Libc.ErrorAgain:
                        return -1;
                    case Libc.ErrorBrokenPipe:
                    case Libc.ErrorConnectionReset:
                        return 0;
                    default:
                        throw new SystemCallException("sendmsg", "send to a socket");
                }
            }
        }
    }

    /// <summary>Ends the connection in both directions; whoever waits on it, here or there, learns it. May be called by any thread.</summary>
    public void Shutdown()
    {
        if (!IsClosed)
        {
            _ = Libc.Shutdown(Number, Libc.ShutdownBoth);
        }
    }

    internal static SocketWait Wait(int descriptor, short events, EventFd? stop, int timeoutMilliseconds)
    {
        var waits = stackalloc Libc.PollDescriptor[2];
        waits[0] = new Libc.PollDescriptor { Descriptor = descriptor, Events = events };
        waits[1] = new Libc.PollDescriptor { Descriptor = stop?.Number ?? -1, Events = Libc.PollIn };
        while (true)
        {
            int ready = Libc.Poll(waits, 2, timeoutMilliseconds);
            if (ready > 0)
            {
                return waits[1].ReturnedEvents != 0 ? SocketWait.Stopped : SocketWait.Ready;
            }

            if (ready == 0)
            {
                return SocketWait.TimedOut;
            }

            if (Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted)
            {
                throw new SystemCallException("poll", "wait for a socket");
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private static nuint PutDescriptors(byte* control, ReadOnlySpan<FileDescriptor> descriptors)
    {
        var header = (Libc.ControlHeader*)control;
        header->Length = (nuint)(ControlHeaderLength + (descriptors.Length * sizeof(int)));
        header->Level = Libc.SocketLevel;
        header->Type = Libc.ControlRights;
        var numbers = (int*)(control + ControlHeaderLength);
        for (int i = 0; i < descriptors.Length; i++)
        {
            numbers[i] = descriptors[i].Number;
        }

        return (header->Length + 7) & ~(nuint)7;
    }

    private static int TakeDescriptors(byte* control, nuint length, List<FileDescriptor> descriptors)
    {
        int taken = 0;
        nuint offset = 0;
        while (offset + ControlHeaderLength <= length)
        {
            var header = (Libc.ControlHeader*)(control + offset);
            if (header->Length < ControlHeaderLength || header->Length > length - offset)
            {
                break;
            }

            if (header->Level == Libc.SocketLevel && header->Type == Libc.ControlRights)
            {
                var numbers = (int*)(control + offset + ControlHeaderLength);
                nuint count = (header->Length - ControlHeaderLength) / sizeof(int);
                for (nuint i = 0; i < count; i++)
                {
                    descriptors.Add(new FileDescriptor(numbers[i]));
                    taken++;
                }
            }

            offset += (header->Length + 7) & ~(nuint)7;
        }

        return taken;
    }
}
