using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes;

/// <summary>Serves nodes as character devices in <c>/dev</c>, with CUSE; each has a connection and a thread of its own.</summary>
public sealed class CharacterNodeServer : NodeServer
{
    private const string Folder = "/dev";
    private const string Remedy = "'modprobe cuse', or have the nodes in a directory";

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeFile, CharacterNode> _nodes = [];
    private readonly Departures _departures = new();
    private bool _isDisposed;

    private CharacterNodeServer(NodeServerOptions options)
        : base(options)
    {
    }

    /// <summary>Whether the kernel offers CUSE to this process; loads its module where the system does so on demand.</summary>
    public static bool IsAvailable
    {
        get
        {
            try
            {
                KernelDevice.Open(KernelDevice.CusePath).Dispose();
                return true;
            }
            catch (SystemCallException)
            {
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public override bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                bool hasEnded = _isDisposed;
                foreach (CharacterNode node in _nodes.Values)
                {
                    hasEnded |= node.HasEnded;
                }

                return hasEnded;
            }
        }
    }

    /// <summary>Begins to serve.</summary>
    /// <param name="options">How to serve.</param>
    /// <returns>The server, without nodes.</returns>
    /// <exception cref="NodeException">There is no CUSE here.</exception>
    public static CharacterNodeServer Create(NodeServerOptions? options = null)
    {
        options = (options ?? new NodeServerOptions()).Validated();
        try
        {
            KernelDevice.Open(KernelDevice.CusePath).Dispose();
            return new CharacterNodeServer(options);
        }
        catch (SystemCallException exception)
        {
            throw Refused(exception, KernelDevice.CusePath, Remedy);
        }
    }

    /// <inheritdoc/>
    public override string Publish(NodeFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        CheckName(file.Name);
        _departures.Wait(file.Name);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            string path = Path.Combine(Folder, file.Name);
            if (MountPoint.Probe(path) == 0)
            {
                throw new NodeException($"There is already a device '{path}'.", Errno.Busy);
            }

            KernelDevice? device = null;
            CharacterNode? node = null;
            try
            {
                device = KernelDevice.Open(KernelDevice.CusePath);
                CuseHandshake.Run(device, file.Name, new byte[Wire.SmallestBuffer]);

                // Had the kernel refused, it would not have said so.
                if (MountPoint.Probe(path) != 0)
                {
                    throw new NodeException($"The kernel did not make '{path}'; its log says why (dmesg).");
                }

                node = new CharacterNode(file, device, Options, Closer, Faults);
                device = null;
                MountPoint.SetOwner(path, Options.Permissions.Owner, Options.Permissions.Group);
                MountPoint.SetMode(path, Options.Permissions.Mode);
                _nodes.Add(file, node);
                node = null;
                return path;
            }
            catch (SystemCallException exception)
            {
                throw Refused(exception, KernelDevice.CusePath, Remedy);
            }
            finally
            {
                node?.Dispose();
                device?.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The device leaves <c>/dev</c> when its programs have closed it, or the farewell is over. Nobody waits for that but who
    /// publishes the same name again, and <see cref="Dispose"/>.
    /// </remarks>
    public override bool Withdraw(NodeFile file)
    {
        CharacterNode? node;
        lock (_lock)
        {
            if (!_nodes.Remove(file, out node))
            {
                return false;
            }
        }

        _departures.Begin(file.Name, node);
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        CharacterNode[] nodes;
        lock (_lock)
        {
            _isDisposed = true;
            nodes = [.. _nodes.Values];
            _nodes.Clear();
        }

        foreach (CharacterNode node in nodes)
        {
            _departures.Begin(node.Name, node);
        }

        _departures.WaitForAll();
        _ = Closer.Wait(Options.Farewell);
    }
}
