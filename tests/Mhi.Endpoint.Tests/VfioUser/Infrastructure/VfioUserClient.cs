using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Mhi.Interop.Sockets;
using Mhi.Pci.VfioUser.Protocol;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>The client's end of the protocol: raw messages, and the answers to the device's requests for memory.</summary>
internal sealed class VfioUserClient : IDisposable
{
    internal const string Capabilities = "{\"capabilities\": {\"pgsizes\": 4096, \"max_msg_fds\": 16, \"max_dma_maps\": 65535, \"max_data_xfer_size\": 1048576, \"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096}, \"write_multiple\": true}}";
    internal const uint ConfigRegion = 7;

    private const int LimitMilliseconds = 20_000;

    private readonly List<FileDescriptor> _descriptors = [];
    private readonly byte[] _buffer = new byte[(1 << 20) + 64];
    private ushort _id;

    internal VfioUserClient(LocalSocket socket)
    {
        Socket = socket;
    }

    internal LocalSocket Socket { get; }

    /// <summary>Serves the device's DMA_READ: address and destination; false refuses.</summary>
    internal Func<ulong, Memory<byte>, bool> OnRead { get; set; } = (_, _) => false;

    /// <summary>Serves the device's DMA_WRITE.</summary>
    internal Func<ulong, ReadOnlyMemory<byte>, bool> OnWrite { get; set; } = (_, _) => false;

    /// <summary>Sends a command and returns the good answer's payload.</summary>
    internal byte[] Call(int command, byte[] payload, params FileDescriptor[] descriptors)
    {
        (uint error, byte[] answer) = TryCall(command, payload, descriptors);
        return error == 0 ? answer : throw new InvalidOperationException($"Command {command} was answered with error {error}.");
    }

    /// <summary>Sends a command and returns error number and payload of the answer.</summary>
    internal (uint Error, byte[] Payload) TryCall(int command, byte[] payload, params FileDescriptor[] descriptors)
    {
        ushort id = Post(command, payload, 0, descriptors);
        while (true)
        {
            MessageHeader header = Receive(LimitMilliseconds) ?? throw new InvalidOperationException($"The server closed the connection instead of answering command {command}.");
            if (Serve(header))
            {
                continue;
            }

            if (header.Id != id || (int)header.Command != command)
            {
                throw new InvalidOperationException($"Reply {header} came instead of one to {id}, command {command}.");
            }

            return ((header.Flags & MessageHeader.ErrorFlag) != 0 ? header.Error : 0, Payload(header).ToArray());
        }
    }

    /// <summary>Sends a command and waits for nothing.</summary>
    internal ushort Post(int command, byte[] payload, uint flags = MessageHeader.NoReply, params FileDescriptor[] descriptors)
    {
        byte[] message = new byte[MessageHeader.Size + payload.Length];
        ushort id = _id++;
        new MessageHeader(id, (VfioUserCommand)command, (uint)message.Length, flags, 0).Write(message);
        payload.CopyTo(message, MessageHeader.Size);
        Send(message, descriptors);
        return id;
    }

    /// <summary>Sends bytes as they are; false when the server has gone.</summary>
    internal bool Send(ReadOnlySpan<byte> bytes, params FileDescriptor[] descriptors)
    {
        while (!bytes.IsEmpty)
        {
            int sent = Socket.Send(bytes, descriptors);
            if (sent == 0)
            {
                return false;
            }

            if (sent < 0)
            {
                _ = Socket.WaitToSend(null, LimitMilliseconds);
                continue;
            }

            bytes = bytes[sent..];
            descriptors = [];
        }

        return true;
    }

    /// <summary>Receives one message; null when the server has closed the connection.</summary>
    internal MessageHeader? Receive(int limitMilliseconds)
    {
        if (!Fill(_buffer.AsSpan(0, MessageHeader.Size), limitMilliseconds))
        {
            return null;
        }

        MessageHeader header = MessageHeader.Read(_buffer);
        return Fill(_buffer.AsSpan(MessageHeader.Size, (int)header.Length - MessageHeader.Size), limitMilliseconds) ? header : null;
    }

    internal ReadOnlySpan<byte> Payload(MessageHeader header) => _buffer.AsSpan(MessageHeader.Size, (int)header.Length - MessageHeader.Size);

    /// <summary>Answers the device's requests until something has become true.</summary>
    internal void ServeUntil(Func<bool> condition)
    {
        long limit = Environment.TickCount64 + LimitMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > limit)
            {
                throw new TimeoutException("The device did not do what was expected of it.");
            }

            if (Socket.WaitToReceive(null, 1) == SocketWait.Ready && Receive(LimitMilliseconds) is { } header && !Serve(header))
            {
                throw new InvalidOperationException($"Reply {header} came to nothing.");
            }
        }
    }

    /// <summary>Answers a message if it is a request of the device.</summary>
    internal bool Serve(MessageHeader header)
    {
        if (header.Type != MessageHeader.TypeCommand)
        {
            return false;
        }

        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(Payload(header));
        int count = (int)BinaryPrimitives.ReadUInt64LittleEndian(Payload(header)[8..]);
        bool isRead = header.Command == VfioUserCommand.DmaRead;
        byte[] answer = new byte[32 + (isRead ? count : 0)];
        Payload(header)[..16].CopyTo(answer.AsSpan(16));
        bool good = isRead ? OnRead(address, answer.AsMemory(32)) : OnWrite(address, _buffer.AsMemory(32, count));
        if (!good)
        {
            answer = new byte[16];
        }

        uint flags = MessageHeader.TypeReply | (good ? 0 : MessageHeader.ErrorFlag);
        new MessageHeader(header.Id, header.Command, (uint)answer.Length, flags, good ? 0 : 19u).Write(answer);
        Send(answer);
        return true;
    }

    internal byte[] Negotiate(string capabilities = Capabilities) => Call(1, [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(capabilities), 0]);

    internal byte[] ReadRegion(uint region, ulong offset, uint count) => Call(9, Access(region, offset, count))[16..];

    internal void WriteConfig(uint offset, uint value, int count) => Call(10, [.. Access(ConfigRegion, offset, (uint)count), .. Bytes(value)[..count]]);

    internal uint ReadConfig(uint offset, int count)
    {
        byte[] bytes = new byte[4];
        ReadRegion(ConfigRegion, offset, (uint)count).CopyTo(bytes, 0);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal uint ReadRegister(uint offset) => BinaryPrimitives.ReadUInt32LittleEndian(ReadRegion(0, offset, 4));

    /// <summary>A posted register write, as QEMU sends it.</summary>
    internal void WriteRegister(uint offset, uint value) => Post(10, [.. Access(0, offset, 4), .. Bytes(value)]);

    internal uint MapDma(ulong iova, ulong length, ulong offset, FileDescriptor? descriptor, uint flags = 3) =>
        TryCall(2, [.. Bytes(32), .. Bytes(flags), .. Bytes(offset), .. Bytes(iova), .. Bytes(length)], descriptor is null ? [] : [descriptor]).Error;

    internal uint UnmapDma(ulong iova, ulong length, uint flags = 0) =>
        TryCall(3, [.. Bytes(24), .. Bytes(flags), .. Bytes(iova), .. Bytes(length)]).Error;

    internal uint SetInterrupts(uint flags, uint index, uint start, uint count, params FileDescriptor[] descriptors) =>
        TryCall(8, [.. Bytes(20), .. Bytes(flags), .. Bytes(index), .. Bytes(start), .. Bytes(count)], descriptors).Error;

    public void Dispose() => Socket.Dispose();

    internal static byte[] Access(uint region, ulong offset, uint count) => [.. Bytes(offset), .. Bytes(region), .. Bytes(count)];

    internal static byte[] Bytes(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    internal static byte[] Bytes(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    private bool Fill(Span<byte> buffer, int limitMilliseconds)
    {
        while (!buffer.IsEmpty)
        {
            int got = Socket.Receive(buffer, _descriptors);
            if (got == 0)
            {
                return false;
            }

            if (got > 0)
            {
                buffer = buffer[got..];
            }
            else if (Socket.WaitToReceive(null, limitMilliseconds) == SocketWait.TimedOut)
            {
                throw new TimeoutException("The server neither answers nor closes the connection.");
            }
        }

        return true;
    }
}
