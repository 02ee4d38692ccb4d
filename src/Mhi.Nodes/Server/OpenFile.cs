namespace Mhi.Nodes.Server;

/// <summary>One open of a node by a program. Fields without a word on threads are under the node's lock.</summary>
internal sealed class OpenFile(StreamNode node, NodeAccess access) : INodeListener
{
    /// <summary>What is behind it; set before the kernel learns of the file.</summary>
    internal NodeHandle Handle = null!;

    /// <summary>Number the kernel has for it; set by the table, once.</summary>
    internal ulong Number;

    /// <summary>The kernel's number for pollers of it.</summary>
    internal ulong KernelHandle;

    /// <summary>Whether somebody waits for a notification.</summary>
    internal bool IsWatched;

    /// <summary>What the waiting want to know.</summary>
    internal NodeEvents Interest;

    /// <summary>What they were last told, less what has been seen not to hold since.</summary>
    internal NodeEvents Reported;

    /// <summary>Arrivals they know of.</summary>
    internal uint SeenArrivals;

    /// <summary>What the handle was asked to report and has not yet.</summary>
    internal NodeEvents Armed;

    /// <summary>Whether the handle was asked to report the next arrival.</summary>
    internal bool IsArrivalArmed;

    /// <summary>Whether a write that does not wait was refused although Out held; true until there may be more room.</summary>
    internal bool IsRefused;

    internal bool IsClosed;

    /// <summary>The node; any thread.</summary>
    internal StreamNode Node { get; } = node;

    /// <summary>Whether it was opened for reading; any thread.</summary>
    internal bool CanRead { get; } = access != NodeAccess.Write;

    /// <summary>Whether it was opened for writing; any thread.</summary>
    internal bool CanWrite { get; } = access != NodeAccess.Read;

    /// <inheritdoc/>
    public void OnReady(NodeEvents events) => Node.OnReady(this, events);
}
