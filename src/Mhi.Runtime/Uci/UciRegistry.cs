using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Mhi.Uci;

/// <summary>Names and minor numbers: reserved first, found only when published, free again as soon as withdrawn.</summary>
internal sealed class UciRegistry
{
    private const int MostMinors = 128;

    private readonly UciLock _lock = new();
    private readonly Dictionary<string, UciNode?> _byName = [];
    private readonly UciNode?[] _byMinor = new UciNode?[MostMinors];
    private readonly bool[] _isTaken = new bool[MostMinors];

    internal UciNode? Find(string name)
    {
        using (_lock.EnterScope())
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    internal UciNode? Find(int minor)
    {
        using (_lock.EnterScope())
        {
            return (uint)minor < MostMinors ? _byMinor[minor] : null;
        }
    }

    internal IReadOnlyList<UciNode> List()
    {
        List<UciNode> nodes = [];
        using (_lock.EnterScope())
        {
            foreach (UciNode? node in _byMinor)
            {
                if (node is not null)
                {
                    nodes.Add(node);
                }
            }
        }

        return nodes;
    }

    /// <summary>Reserves a name and the lowest free minor number.</summary>
    internal bool TryReserve(string name, out int minor, [NotNullWhen(false)] out UciIOException? refusal)
    {
        using (_lock.EnterScope())
        {
            minor = Array.IndexOf(_isTaken, false);
            if (_byName.ContainsKey(name))
            {
                refusal = new UciIOException(UciErrno.Exists, $"A node {name} exists already. Give the controllers different names.");
                return false;
            }

            if (minor < 0)
            {
                refusal = new UciIOException(UciErrno.NoSpace, $"{name} was not published: all {MostMinors} minor numbers are taken. Publish fewer channels or detach a device.");
                return false;
            }

            _isTaken[minor] = true;
            _byName.Add(name, null);
            refusal = null;
            return true;
        }
    }

    internal void Publish(UciNode node)
    {
        using (_lock.EnterScope())
        {
            _byName[node.Name] = node;
            _byMinor[node.Minor] = node;
        }
    }

    /// <summary>Takes a node's name and minor number back, published or only reserved.</summary>
    internal void Withdraw(UciNode node)
    {
        using (_lock.EnterScope())
        {
            _ = _byName.Remove(node.Name);
            _byMinor[node.Minor] = null;
            _isTaken[node.Minor] = false;
        }
    }
}
