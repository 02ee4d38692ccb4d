using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;

namespace Mhi.Nodes;

/// <summary>The nodes of a connection, by name and by number. Any thread.</summary>
internal sealed class NodeTree
{
    private const ulong FirstNode = Wire.RootNode + 1;

    private readonly Lock _lock = new();
    private readonly SortedList<ulong, StreamNode> _nodes = [];
    private ulong _nextId = FirstNode;

    /// <summary>Takes the number for a new node. No number is used twice: a stale one leads nowhere.</summary>
    /// <returns>The number.</returns>
    internal ulong TakeId()
    {
        lock (_lock)
        {
            return _nextId++;
        }
    }

    /// <summary>Adds a node.</summary>
    /// <param name="node">The node.</param>
    /// <returns>False when its name is in use.</returns>
    internal bool TryAdd(StreamNode node)
    {
        lock (_lock)
        {
            if (Find(node.File.Name) is not null)
            {
                return false;
            }

            _nodes.Add(node.Id, node);
            return true;
        }
    }

    /// <summary>Takes a node out.</summary>
    /// <param name="file">The stream behind it.</param>
    /// <returns>The node, or null.</returns>
    internal StreamNode? Remove(NodeFile file)
    {
        lock (_lock)
        {
            foreach (StreamNode node in _nodes.Values)
            {
                if (node.File == file)
                {
                    _ = _nodes.Remove(node.Id);
                    return node;
                }
            }

            return null;
        }
    }

    /// <summary>Looks for a node by its number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The node, or null.</returns>
    internal StreamNode? Find(ulong id)
    {
        lock (_lock)
        {
            return _nodes.GetValueOrDefault(id);
        }
    }

    /// <summary>Looks for a node by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The node, or null.</returns>
    internal StreamNode? Find(string name)
    {
        lock (_lock)
        {
            foreach (StreamNode node in _nodes.Values)
            {
                if (string.Equals(node.File.Name, name, StringComparison.Ordinal))
                {
                    return node;
                }
            }

            return null;
        }
    }

    /// <summary>All nodes now, by rising number.</summary>
    /// <returns>A copy.</returns>
    internal StreamNode[] ToArray()
    {
        lock (_lock)
        {
            return [.. _nodes.Values];
        }
    }
}
