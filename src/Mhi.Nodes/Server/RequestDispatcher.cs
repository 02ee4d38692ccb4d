using System;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>Reads requests and hands each to what answers it. Any number of threads, each with memory of its own.</summary>
internal sealed class RequestDispatcher
{
    private readonly FuseDevice _device;
    private readonly NodeTree _tree;
    private readonly DirectoryRequests _directory;
    private readonly OpenFileTable _files = new();
    private readonly PendingOpens _opens;
    private readonly HandleCloser _closer;

    internal RequestDispatcher(FuseDevice device, NodeTree tree, HandleCloser closer, ServerFaults faults)
    {
        _device = device;
        _tree = tree;
        _closer = closer;
        _directory = new DirectoryRequests(device, tree);
        _opens = new PendingOpens(device, _files, closer, faults);
    }

    /// <summary>How many files are open.</summary>
    internal int OpenFiles => _files.Count;

    /// <summary>Refuses to open anything from now on.</summary>
    internal void RefuseOpens() => _opens.End();

    /// <summary>The connection has ended: closes every file, whether or not the kernel released it.</summary>
    internal void ReleaseAll()
    {
        foreach (OpenFile file in _files.RemoveAll())
        {
            Close(file);
        }
    }

    /// <summary>Answers one request.</summary>
    /// <param name="buffer">A thread's memory, the request at its beginning; the reply may be made in it.</param>
    /// <param name="length">Length of the request.</param>
    internal void Handle(Span<byte> buffer, int length)
    {
        Span<byte> request = buffer[..length];
        if (!Wire.TryRead(request, out RequestHeader header))
        {
            // Without a number there is nothing to answer to.
            return;
        }

        if (header.Length != (uint)length)
        {
            _ = _device.Reply(header.Unique, Errno.Io);
            return;
        }

        ReadOnlySpan<byte> body = request[Wire.RequestHeaderLength..];
        switch (header.Opcode)
        {
            case Opcode.Read:
                Read(header, body, buffer);
                break;
            case Opcode.Write:
                Write(header, body);
                break;
            case Opcode.Poll:
                Poll(header, body);
                break;
            case Opcode.Interrupt:
                Interrupt(body);
                break;
            case Opcode.Forget:
            case Opcode.BatchForget:
                // Node numbers are never reused, so nobody counts; and there is no reply.
                break;
            case Opcode.Open:
                Open(header, body);
                break;
            case Opcode.Release:
                Release(header, body);
                break;
            case Opcode.Ioctl:
                Ioctl(header, body);
                break;
            default:
                HandleRare(header, body, buffer);
                break;
        }
    }

    private void HandleRare(in RequestHeader header, ReadOnlySpan<byte> body, Span<byte> buffer)
    {
        switch (header.Opcode)
        {
            case Opcode.Lookup:
                _directory.Lookup(header, body);
                break;
            case Opcode.GetAttributes:
                _directory.GetAttributes(header);
                break;
            case Opcode.SetAttributes:
                _directory.SetAttributes(header, body);
                break;
            case Opcode.ReadDirectory:
                _directory.Read(header, body, buffer);
                break;
            case Opcode.StatFileSystem:
                _directory.StatFileSystem(header);
                break;
            case Opcode.OpenDirectory:
                _ = _device.ReplyWith(header.Unique, default(OpenReply));
                break;
            case Opcode.Flush:
            case Opcode.ReleaseDirectory:
            case Opcode.Destroy:
                // FLUSH comes with every close of every duplicate; it closes nothing.
                _ = _device.Reply(header.Unique);
                break;
            case Opcode.Sync:
                // As on a character device.
                _ = _device.Reply(header.Unique, Errno.Invalid);
                break;
            case Opcode.SymbolicLink or Opcode.MakeNode or Opcode.MakeDirectory or Opcode.Unlink or Opcode.RemoveDirectory
                or Opcode.Rename or Opcode.Rename2 or Opcode.Link or Opcode.Create:
                _ = _device.Reply(header.Unique, Errno.NotPermitted);
                break;
            default:
                _ = _device.Reply(header.Unique, Errno.NoSystemCall);
                break;
        }
    }

    private void Read(in RequestHeader header, ReadOnlySpan<byte> body, Span<byte> buffer)
    {
        if (Wire.TryRead(body, out TransferRequest request) && _files.Find(request.Handle) is { } file)
        {
            file.Node.Read(file, header.Unique, request, buffer);
        }
        else
        {
            _ = _device.Reply(header.Unique, Errno.BadFile);
        }
    }

    private void Write(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        if (!Wire.TryRead(body, out TransferRequest request) || _files.Find(request.Handle) is not { } file)
        {
            _ = _device.Reply(header.Unique, Errno.BadFile);
        }
        else if (request.Size > (uint)(body.Length - Wire.TransferLength))
        {
            _ = _device.Reply(header.Unique, Errno.Io);
        }
        else
        {
            file.Node.Write(file, header.Unique, request, body.Slice(Wire.TransferLength, (int)request.Size));
        }
    }

    private void Poll(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        if (Wire.TryRead(body, out PollRequest request) && _files.Find(request.Handle) is { } file)
        {
            file.Node.Poll(file, header.Unique, request);
        }
        else
        {
            _ = _device.Reply(header.Unique, Errno.BadFile);
        }
    }

    private void Ioctl(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        if (!Wire.TryRead(body, out IoctlRequest request) || _files.Find(request.Handle) is not { } file)
        {
            _ = _device.Reply(header.Unique, Errno.BadFile);
        }
        else if (request.InSize > (uint)(body.Length - Wire.SizeOf<IoctlRequest>()))
        {
            _ = _device.Reply(header.Unique, Errno.Io);
        }
        else
        {
            file.Node.Ioctl(file, header.Unique, request, body.Slice(Wire.SizeOf<IoctlRequest>(), (int)request.InSize));
        }
    }

    private void Open(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        if (!Wire.TryRead(body, out OpenRequest request))
        {
            _ = _device.Reply(header.Unique, Errno.Io);
        }
        else if (_tree.Find(header.NodeId) is not { } node)
        {
            _ = _device.Reply(header.Unique, Errno.NoDevice);
        }
        else
        {
            _opens.Begin(header.Unique, node, request.Flags);
        }
    }

    private void Release(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        OpenFile? file = Wire.TryRead(body, out ReleaseRequest request) ? _files.Remove(request.Handle) : null;

        // First, so that the program's next open finds the file closed. It is only begun here: with CUSE the program waits for
        // the reply.
        if (file is not null)
        {
            Close(file);
        }

        _ = _device.Reply(header.Unique);
    }

    private void Close(OpenFile file)
    {
        file.Node.Release(file);
        _closer.Close(file.Handle);
    }

    private void Interrupt(ReadOnlySpan<byte> body)
    {
        if (!Wire.TryRead(body, out InterruptRequest request) || _opens.Interrupt(request.Unique))
        {
            return;
        }

        // Withdrawn nodes park nothing, so those of the tree are all that matter.
        foreach (StreamNode node in _tree.ToArray())
        {
            if (node.Interrupt(request.Unique))
            {
                return;
            }
        }

        // Answered already, and then the kernel drops this; or with another thread on its way to be parked, and then the
        // kernel sends the interrupt once more.
        _ = _device.Reply(request.Unique | 1, Errno.Again);
    }
}
