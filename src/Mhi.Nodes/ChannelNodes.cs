using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Mhi.Nodes.Adapters;
using Mhi.Uci;

namespace Mhi.Nodes;

/// <summary>
/// Puts the nodes of a <see cref="UciHost"/> into a <see cref="NodeServer"/>: give it to the host as its observer. Nodes come
/// and go there as they do in the host.
/// </summary>
public sealed class ChannelNodes : IUciHostObserver
{
    private readonly NodeServer _server;
    private readonly Lock _lock = new();
    private readonly Dictionary<UciNode, (UciNodeFile File, string Path)> _files = [];
    private ImmutableArray<string> _paths = [];

    /// <summary>Makes nodes for all that the host publishes.</summary>
    /// <param name="server">The server; whoever made it disposes it, after the host has been stopped.</param>
    public ChannelNodes(NodeServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _server = server;
    }

    /// <summary>Paths of the nodes there are now, in the order in which they came.</summary>
    public ImmutableArray<string> Paths
    {
        get
        {
            lock (_lock)
            {
                return _paths;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NodeException">The node cannot be made.</exception>
    public void Published(UciNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var file = new UciNodeFile(node);
        string path = _server.Publish(file);
        lock (_lock)
        {
            _files.Add(node, (file, path));
            _paths = _paths.Add(path);
        }
    }

    /// <inheritdoc/>
    public void Withdrawn(UciNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        (UciNodeFile File, string Path) published;
        lock (_lock)
        {
            if (!_files.Remove(node, out published))
            {
                return;
            }

            _paths = _paths.Remove(published.Path, StringComparer.Ordinal);
        }

        _ = _server.Withdraw(published.File);
    }
}
