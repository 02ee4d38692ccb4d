using System;
using System.Collections.Generic;
using Mhi.Uci;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>Records the nodes of a host, and does what the test wants when one is published.</summary>
internal sealed class RecordingObserver : IUciHostObserver
{
    /// <summary>Called with every node that is published; an exception refuses it.</summary>
    public Action<UciNode>? OnPublished { get; set; }

    /// <summary>Called with every node that is withdrawn.</summary>
    public Action<UciNode>? OnWithdrawn { get; set; }

    /// <summary>Nodes that were accepted, in order.</summary>
    public List<UciNode> Accepted { get; } = [];

    /// <summary>Nodes that were withdrawn, in order.</summary>
    public List<UciNode> Gone { get; } = [];

    public void Published(UciNode node)
    {
        OnPublished?.Invoke(node);
        Accepted.Add(node);
    }

    public void Withdrawn(UciNode node)
    {
        OnWithdrawn?.Invoke(node);
        Gone.Add(node);
    }
}
