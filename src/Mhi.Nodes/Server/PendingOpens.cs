using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>
/// Opens under way: starting a channel takes a device its time, so an open never holds a thread that reads requests. Any
/// thread.
/// </summary>
internal sealed class PendingOpens(FuseDevice device, OpenFileTable files, HandleCloser closer, ServerFaults faults)
{
    // A position does not exist, nothing is cached, a blocked read does not keep a writer out, and close asks nobody.
    private const uint OpenFlags =
        OpenReply.DirectIo | OpenReply.Stream | OpenReply.NoFlush | OpenReply.ParallelDirectWrites;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, CancellationTokenSource> _pending = [];
    private bool _isEnding;

    /// <summary>Begins an open; it is answered when the stream has answered.</summary>
    /// <param name="unique">Number of the request.</param>
    /// <param name="node">The node.</param>
    /// <param name="flags">The program's flags.</param>
    internal void Begin(ulong unique, StreamNode node, uint flags)
    {
        uint mode = flags & Wire.AccessModeMask;
        NodeAccess access = mode <= (uint)NodeAccess.ReadWrite ? (NodeAccess)mode : NodeAccess.ReadWrite;
        var cancellation = new CancellationTokenSource();
        lock (_lock)
        {
            if (!_isEnding)
            {
                _pending.Add(unique, cancellation);
                _ = Task.Run(() => OpenAsync(unique, node, access, cancellation));
                return;
            }
        }

        cancellation.Dispose();
        _ = device.Reply(unique, Errno.NoDevice);
    }

    /// <summary>A signal ended the wait of a program.</summary>
    /// <param name="unique">Number of its request.</param>
    /// <returns>False when it is no open under way.</returns>
    internal bool Interrupt(ulong unique)
    {
        lock (_lock)
        {
            if (!_pending.TryGetValue(unique, out CancellationTokenSource? cancellation))
            {
                return false;
            }

            _ = cancellation.CancelAsync();
            return true;
        }
    }

    /// <summary>Refuses further opens and ends those under way.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _isEnding = true;
            foreach (CancellationTokenSource cancellation in _pending.Values)
            {
                _ = cancellation.CancelAsync();
            }
        }
    }

    private async Task OpenAsync(ulong unique, StreamNode node, NodeAccess access, CancellationTokenSource cancellation)
    {
        var file = new OpenFile(node, access);
        int error = 0;
        try
        {
            file.Handle = await node.File.OpenAsync(access, file, cancellation.Token).ConfigureAwait(false);
        }
        catch (NodeException exception)
        {
            error = exception.ErrorCode;
        }
        catch (OperationCanceledException)
        {
            error = Errno.Interrupted;
        }
        catch (Exception exception)
        {
            // Whatever it is, the program that waits gets an answer.
            faults.Report(exception);
            error = Errno.Io;
        }

        lock (_lock)
        {
            _ = _pending.Remove(unique);
            error = error == Errno.Interrupted && _isEnding ? Errno.NoDevice : error;
        }

        cancellation.Dispose();
        if (error != 0)
        {
            _ = device.Reply(unique, error);
            return;
        }

        if (!node.Add(file))
        {
            closer.Close(file.Handle);
            _ = device.Reply(unique, Errno.NoDevice);
            return;
        }

        files.Add(file);
        if (!device.ReplyWith(unique, new OpenReply { Handle = file.Number, OpenFlags = OpenFlags })
            && files.Remove(file.Number) is not null)
        {
            // Nobody will ever release it.
            node.Release(file);
            closer.Close(file.Handle);
        }
    }
}
