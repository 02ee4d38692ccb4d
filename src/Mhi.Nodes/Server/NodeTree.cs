using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Server;

/// <summary>The nodes of a connection, by name and by number. Any thread.</summary>
internal sealed class NodeTree
{
    private const ulong FirstNode = Wire.RootNode + 1;

    private readonly Lock _lock = new();
    private readonly List<StreamNode> _nodes = [];
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

            _nodes.Add(node);
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
            StreamNode? found = null;
            foreach (StreamNode node in _nodes)
            {
                if (node.File == file)
                {
                    found = node;
                }
            }

            if (found is not null)
            {
                _ = _nodes.Remove(found);
            }

            return found;
        }
    }

    /// <summary>Looks for a node by its number.</summary>
    /// <param name="id">The number.</param>
    /// <returns>The node, or null.</returns>
    internal StreamNode? Find(ulong id)
    {
        lock (_lock)
        {
            foreach (StreamNode node in _nodes)
            {
                if (node.Id == id)
                {
                    return node;
                }
            }

            return null;
        }
    }

    /// <summary>Looks for a node by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The node, or null.</returns>
    internal StreamNode? Find(string name)
    {
        lock (_lock)
        {
            foreach (StreamNode node in _nodes)
            {
                if (string.Equals(node.File.Name, name, StringComparison.Ordinal))
                {
                    return node;
                }
            }

            return null;
        }
    }

    /// <summary>All nodes now, in the order in which they came, which is that of their numbers.</summary>
    /// <returns>A copy.</returns>
    internal StreamNode[] ToArray()
    {
        lock (_lock)
        {
            return [.. _nodes];
        }
    }
}
