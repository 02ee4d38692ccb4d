using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>Messages on their way to the host, each in fragments no longer than the host takes.</summary>
internal sealed class MbimOutbox
{
    /// <summary>Room for the longest answer in the shortest fragments, and for an error before it.</summary>
    internal const int Capacity = 4096;

    private readonly byte[] _messages = new byte[Capacity];
    private int _start;
    private int _end;

    /// <summary>Longest message that the host takes.</summary>
    public int MaxTransfer { get; set; } = MbimFormat.MinTransfer;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _start = 0;
        _end = 0;
    }

    /// <summary>Adds a message with nothing but a status or an error.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="transaction">The transaction it answers.</param>
    /// <param name="status">The status.</param>
    public void Add(MbimMessageType type, uint transaction, uint status)
    {
        Span<byte> message = Begin(type, transaction, MbimFormat.StatusMessageLength);
        Put(message, MbimFormat.Status, status);
    }

    /// <summary>Adds the completion of a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="status">What came of it.</param>
    /// <param name="info">The information buffer.</param>
    public void AddDone(MbimCommand command, MbimStatus status, ReadOnlySpan<byte> info)
    {
        int room = MaxTransfer - MbimFormat.FragmentHeaderLength;
        uint fragments = (uint)((MbimFormat.CommandLength + info.Length + room - 1) / room);
        for (uint fragment = 0; fragment < fragments; fragment++)
        {
            int head = fragment == 0 ? MbimFormat.CommandLength : 0;
            ReadOnlySpan<byte> piece = info[..Math.Min(info.Length, room - head)];
            info = info[piece.Length..];
            Span<byte> message = Begin(
                MbimMessageType.CommandDone, command.Transaction, MbimFormat.FragmentHeaderLength + head + piece.Length);
            Put(message, MbimFormat.Fragments, fragments);
            Put(message, MbimFormat.Fragment, fragment);
            Span<byte> rest = message[MbimFormat.FragmentHeaderLength..];
            if (fragment == 0)
            {
                command.Target.CopyTo(rest);
                Put(rest, command.Target.Length, (uint)status);
                Put(rest, command.Target.Length + 4, (uint)(piece.Length + info.Length));
            }

            piece.CopyTo(rest[head..]);
        }
    }

    /// <summary>Sends as much as the host has buffers for.</summary>
    /// <param name="downlink">The way there.</param>
    /// <returns>Whether anything was sent.</returns>
    public bool Send(IDownlink downlink)
    {
        int start = _start;
        while (!IsEmpty && downlink.CanSend)
        {
            // Every message says how long it is.
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(_messages.AsSpan(_start + MbimFormat.Length));
            if (!downlink.TrySend(_messages.AsSpan(_start, length)))
            {
                break;
            }

            _start += length;
        }

        bool hasSent = _start != start;
        if (IsEmpty)
        {
            Clear();
        }

        return hasSent;
    }

    private Span<byte> Begin(MbimMessageType type, uint transaction, int length)
    {
        Span<byte> message = _messages.AsSpan(_end, length);
        _end += length;
        Put(message, 0, (uint)type);
        Put(message, MbimFormat.Length, (uint)length);
        Put(message, MbimFormat.Transaction, transaction);
        return message;
    }

    private static void Put(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
}
