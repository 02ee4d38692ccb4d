using System;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Server;

/// <summary>Reads and writes.</summary>
internal sealed partial class StreamNode
{
    // Memory of writes that wait. A program can have any number of threads write, and all of them the same memory.
    internal const int MostKeptWhole = 8 << 20;
    internal const int MostKept = 16 << 20;

    private readonly ParkedQueue _reads = new();
    private readonly ParkedQueue _writes = new();
    private readonly PutBack _putBack = new();

    // For replies to parked reads; a read that finds data is answered from its thread's own buffer.
    private byte[] _reply = [];

    /// <summary>Answers READ, or parks it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="unique">Number of the request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="scratch">Memory for the reply.</param>
    internal void Read(OpenFile file, ulong unique, in TransferRequest request, Span<byte> scratch)
    {
        // Splice (since Linux 6.5) and private mappings read through the page cache. It would end a stream after its first
        // message, and give that message to the next file again; a program that is refused goes on with read(2).
        if ((request.TransferFlags & TransferRequest.LockOwnerGiven) == 0)
        {
            _ = _device.Reply(unique, Errno.Invalid);
            return;
        }

        // The continuation of a read whose first piece was full: the program has its data, and one read never crosses a
        // message. Parked, it would withhold what the program has.
        if (request.Offset != 0 || request.Size == 0)
        {
            _ = _device.ReplyBytes(unique, default);
            return;
        }

        if (!file.CanRead)
        {
            _ = _device.Reply(unique, Errno.BadFile);
            return;
        }

        int size = (int)Math.Min(request.Size, (uint)(scratch.Length - Wire.ReplyHeaderLength));
        lock (_lock)
        {
            PumpReads();
            if (_reads.First is null && TryAnswerRead(file, unique, size, scratch))
            {
                // Less than asked for tells a program that this was all; what comes next is news.
                ForgetIn();
            }
            else if ((request.Flags & Wire.OpenNonBlocking) != 0)
            {
                _ = _device.Reply(unique, Errno.Again);
                ForgetIn();
            }
            else
            {
                ParkedRequest parked = _reads.Take();
                parked.Size = size;
                Park(_reads, parked, file, unique);
            }

            Evaluate();
        }
    }

    /// <summary>Answers WRITE, or parks it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="unique">Number of the request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="data">The bytes.</param>
    internal void Write(OpenFile file, ulong unique, in TransferRequest request, ReadOnlySpan<byte> data)
    {
        if (!file.CanWrite)
        {
            _ = _device.Reply(unique, Errno.BadFile);
            return;
        }

        lock (_lock)
        {
            PumpWrites();
            int sent = 0;
            bool isFirst = _writes.First is null;
            int error = isFirst ? Push(file, data, ref sent) : Again();
            if (error != Errno.Again)
            {
                ReplyWrite(unique, sent, error);
            }
            else if ((request.Flags & Wire.OpenNonBlocking) == 0)
            {
                ParkWrite(file, unique, data, sent);
            }
            else
            {
                ReplyWrite(unique, sent, error);
                if (isFirst)
                {
                    ForgetOut(file);
                }
            }

            Evaluate();
        }
    }

    // A device that has gone lets nobody wait.
    private int Again() => _isWithdrawn ? Errno.NoDevice : Errno.Again;

    private void PumpReads()
    {
        bool any = false;
        while (_reads.First is { } parked)
        {
            int length = Wire.ReplyHeaderLength + Math.Min(parked.Size, File.MaxReadLength);
            if (_reply.Length < length)
            {
                _reply = GC.AllocateUninitializedArray<byte>(Wire.ReplyHeaderLength + File.MaxReadLength);
            }

            if (!TryAnswerRead(parked.File!, parked.Unique, length - Wire.ReplyHeaderLength, _reply))
            {
                break;
            }

            _reads.Remove(parked);
            any = true;
        }

        if (any)
        {
            ForgetIn();
        }
    }

    private void PumpWrites()
    {
        while (_writes.First is { } parked)
        {
            int sent = 0;
            int error = Push(parked.File!, parked.Rest, ref sent);
            parked.Sent += sent;
            if (error == Errno.Again)
            {
                return;
            }

            ReplyWrite(parked.Unique, parked.SentBefore + parked.Sent, error);
            _writes.Remove(parked);
        }
    }

    // False when there is nothing to read; otherwise the request is answered, with data or an error.
    private bool TryAnswerRead(OpenFile file, ulong unique, int size, Span<byte> reply)
    {
        Span<byte> destination = reply.Slice(Wire.ReplyHeaderLength, size);
        int count = _putBack.Length != 0 ? _putBack.Take(destination) : file.Handle.TryRead(destination);
        if (count == -Errno.Again)
        {
            if (!_isWithdrawn)
            {
                return false;
            }

            count = -Errno.NoDevice;
        }

        if (count < 0)
        {
            _ = _device.Reply(unique, -count);
            return true;
        }

        Wire.WriteHeader(reply, unique, 0, count);
        if (_device.Send(reply[..(Wire.ReplyHeaderLength + count)], default) < 0 && count != 0)
        {
            // The kernel does not know the request any more: its data go to the next reader.
            _putBack.Add(destination[..count]);
        }

        return true;
    }

    // Sends what there is room for. Returns 0 when all of it went, Again when the rest has to wait, or the error.
    private int Push(OpenFile file, ReadOnlySpan<byte> data, ref int sent)
    {
        while (sent < data.Length)
        {
            int count = _isWithdrawn ? -Errno.NoDevice : file.Handle.TryWrite(data[sent..]);
            if (count <= 0)
            {
                return count == 0 ? Errno.Again : -count;
            }

            sent += count;
        }

        return 0;
    }

    // What was sent counts; an error behind it comes back with the next write if it lasts.
    private void ReplyWrite(ulong unique, int sent, int error)
    {
        if (sent == 0 && error != 0)
        {
            _ = _device.Reply(unique, error);
        }
        else
        {
            _ = _device.ReplyWith(unique, new WriteReply { Size = (uint)sent });
        }
    }

    private void End(ParkedQueue queue, ParkedRequest parked, int error)
    {
        ReplyWrite(parked.Unique, queue == _writes ? parked.SentBefore + parked.Sent : 0, error);
        queue.Remove(parked);
    }

    // Keeps the data before the request is in the queue: should there be no memory, nothing of it waits.
    private void ParkWrite(OpenFile file, ulong unique, ReadOnlySpan<byte> data, int sent)
    {
        int length = LengthToKeep(file, data.Length - sent);
        if (length == 0)
        {
            ReplyWrite(unique, sent, Errno.NoBuffers);
            return;
        }

        ParkedRequest parked = _writes.Take(length);
        parked.Keep(data.Slice(sent, length));
        parked.SentBefore = sent;
        Park(_writes, parked, file, unique);
    }

    // All of it as a rule. In need the program is told a shorter count, when that is behind a packet so that none is torn; and
    // at last there is no place for it.
    private int LengthToKeep(OpenFile file, int rest)
    {
        if (_writes.KeptBytes + ParkedRequest.MemoryOf(rest) <= MostKeptWhole)
        {
            return rest;
        }

        int packet = Math.Min(rest, file.Handle.MaxPacketLength);
        return _writes.KeptBytes + ParkedRequest.MemoryOf(packet) <= MostKept ? packet : 0;
    }

    private static void Park(ParkedQueue queue, ParkedRequest parked, OpenFile file, ulong unique)
    {
        parked.Unique = unique;
        parked.File = file;
        parked.Since = Environment.TickCount64;
        queue.Add(parked);
    }
}
