using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>
/// A node: reads and writes of all programs that have it open, those that wait, and those that poll. Any thread.
/// </summary>
/// <remarks>
/// One lock decides everything: a parked request leaves its queue under the same lock under which its data are taken and its
/// reply is sent, so a signal finds it either parked, and ends it without data, or answered. A reply does not block, and
/// neither does any member of a handle.
/// </remarks>
internal sealed partial class StreamNode
{
    private readonly Lock _lock = new();
    private readonly FuseDevice _device;
    private readonly List<OpenFile> _files = [];
    private readonly TerminalState? _terminal;
    private NodePermissions _permissions;
    private bool _isWithdrawn;

    internal StreamNode(NodeFile file, ulong id, NodePermissions permissions, FuseDevice device)
    {
        File = file;
        Id = id;
        _permissions = permissions;
        _device = device;
        _terminal = file.IsTerminal ? new TerminalState() : null;
    }

    /// <summary>The stream behind it.</summary>
    internal NodeFile File { get; }

    /// <summary>Number of the node, and of its inode.</summary>
    internal ulong Id { get; }

    /// <summary>Who may open it.</summary>
    internal NodePermissions Permissions
    {
        get
        {
            lock (_lock)
            {
                return _permissions;
            }
        }

        set
        {
            lock (_lock)
            {
                _permissions = value;
            }
        }
    }

    /// <summary>Whether programs have it open.</summary>
    internal bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _files.Count != 0;
            }
        }
    }

    /// <summary>A program has opened the node.</summary>
    /// <param name="file">The file, with its handle.</param>
    /// <returns>False when the device has gone meanwhile.</returns>
    internal bool Add(OpenFile file)
    {
        lock (_lock)
        {
            if (_isWithdrawn)
            {
                return false;
            }

            _files.Add(file);
            return true;
        }
    }

    /// <summary>A file was closed for the last time, or the connection has ended.</summary>
    /// <param name="file">The file; its handle may be closed afterwards.</param>
    internal void Release(OpenFile file)
    {
        lock (_lock)
        {
            file.IsClosed = true;
            _ = _files.Remove(file);
            Unwatch(file);
            EndParked(_reads, file, Errno.Interrupted);
            EndParked(_writes, file, Errno.Interrupted);
            if (_files.Count == 0)
            {
                _putBack.Clear();
                _reads.Shrink();
                _writes.Shrink();
                _reply = [];
            }

            Evaluate();
        }
    }

    /// <summary>The device has gone: whoever waits gets what has arrived, or learns it.</summary>
    internal void Withdraw()
    {
        lock (_lock)
        {
            _isWithdrawn = true;
            PumpReads();
            PumpWrites();
            Evaluate();
        }
    }

    /// <summary>A handle has become ready.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="events">What it was armed for.</param>
    internal void OnReady(OpenFile file, NodeEvents events)
    {
        lock (_lock)
        {
            if (file.IsClosed)
            {
                return;
            }

            file.Armed &= ~events;
            file.IsArrivalArmed &= (events & NodeEvents.In) == 0;
            file.IsRefused &= (events & NodeEvents.Out) == 0;
            PumpReads();
            PumpWrites();
            Evaluate();
        }
    }

    /// <summary>A signal ended the wait of a program.</summary>
    /// <param name="unique">Number of its request.</param>
    /// <returns>False when the request is not parked here.</returns>
    internal bool Interrupt(ulong unique)
    {
        lock (_lock)
        {
            if (_reads.Find(unique) is { } read)
            {
                End(_reads, read, Errno.Interrupted);
            }
            else if (_writes.Find(unique) is { } write)
            {
                End(_writes, write, Errno.Interrupted);
            }
            else
            {
                return false;
            }

            // Another request is now the first, and its handle the one to listen to.
            PumpReads();
            PumpWrites();
            Evaluate();
            return true;
        }
    }

    /// <summary>Ends requests that have waited too long for a kernel that gives up on its servers.</summary>
    /// <param name="before">Those parked before this tick count.</param>
    internal void Expire(long before)
    {
        lock (_lock)
        {
            Expire(_reads, before);
            Expire(_writes, before);
            Evaluate();
        }
    }

    /// <summary>Answers IOCTL.</summary>
    /// <param name="file">The file.</param>
    /// <param name="unique">Number of the request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="data">What the program passed.</param>
    internal void Ioctl(OpenFile file, ulong unique, in IoctlRequest request, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            int available = Math.Max(file.Handle.Available, -1);
            available = available < 0 ? -1 : available + _putBack.Length;
            IoctlAnswer.Send(_device, unique, request, data, _terminal, available);
        }
    }

    private void Expire(ParkedQueue queue, long before)
    {
        while (queue.First is { } request && request.Since < before)
        {
            End(queue, request, Errno.Again);
        }
    }

    private void EndParked(ParkedQueue queue, OpenFile file, int error)
    {
        for (ParkedRequest? request = queue.First; request is not null;)
        {
            ParkedRequest? next = request.Next;
            if (request.File == file)
            {
                End(queue, request, error);
            }

            request = next;
        }
    }
}
