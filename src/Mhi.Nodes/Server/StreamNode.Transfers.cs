using System;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Server;

/// <summary>Reads and writes.</summary>
internal sealed partial class StreamNode
{
    private readonly ParkedQueue _reads = new();
    private readonly ParkedQueue _writes = new();
    private readonly PutBack _putBack = new();
    private ParkedRequest? _pool;

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
                Forget(NodeEvents.In);
            }
            else if ((request.Flags & Wire.OpenNonBlocking) != 0)
            {
                _ = _device.Reply(unique, Errno.Again);
                Forget(NodeEvents.In);
            }
            else
            {
                ParkedRequest parked = Park(_reads, file, unique);
                parked.Length = size;
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
            int error = _writes.First is null ? Push(file, data, ref sent) : Again();
            if (error != Errno.Again)
            {
                ReplyWrite(unique, sent, error);
            }
            else
            {
                Forget(NodeEvents.Out);
                if ((request.Flags & Wire.OpenNonBlocking) != 0)
                {
                    ReplyWrite(unique, sent, error);
                }
                else
                {
                    ParkedRequest parked = Park(_writes, file, unique);
                    parked.Keep(data[sent..]);
                    parked.SentBefore = sent;
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
            int length = Wire.ReplyHeaderLength + Math.Min(parked.Length, File.MaxReadLength);
            if (_reply.Length < length)
            {
                _reply = GC.AllocateUninitializedArray<byte>(Wire.ReplyHeaderLength + File.MaxReadLength);
            }

            if (!TryAnswerRead(parked.File!, parked.Unique, length - Wire.ReplyHeaderLength, _reply))
            {
                break;
            }

            Recycle(_reads, parked);
            any = true;
        }

        if (any)
        {
            Forget(NodeEvents.In);
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
            Recycle(_writes, parked);
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
        Recycle(queue, parked);
    }

    private ParkedRequest Park(ParkedQueue queue, OpenFile file, ulong unique)
    {
        ParkedRequest parked = _pool ?? new ParkedRequest();
        _pool = parked.Next;
        parked.Unique = unique;
        parked.File = file;
        parked.Since = Environment.TickCount64;
        queue.Add(parked);
        return parked;
    }

    private void Recycle(ParkedQueue queue, ParkedRequest parked)
    {
        queue.Remove(parked);
        parked.File = null;
        parked.Next = _pool;
        _pool = parked;
    }
}
