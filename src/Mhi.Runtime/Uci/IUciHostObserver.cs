namespace Mhi.Uci;

/// <summary>Is told of a host's nodes as they come and go: one call at a time, never on a controller's poll thread.</summary>
/// <remarks>
/// The change that is told waits for the call to return, and every other change of the host waits behind it: return soon, and
/// wait for nobody who changes the host. Nodes may be opened; <see cref="UciHost.Start"/>, <see cref="UciHost.Stop"/>,
/// <see cref="UciHost.Attach"/>, <see cref="UciHost.Remove"/> and <see cref="UciHost.Dispose"/> throw
/// <see cref="System.InvalidOperationException"/> here.
/// </remarks>
public interface IUciHostObserver
{
    /// <summary>
    /// A node is complete and works; it can be found by name once this has returned. An exception refuses the publication,
    /// and is reported to whoever caused it.
    /// </summary>
    /// <param name="node">The node.</param>
    void Published(UciNode node);

    /// <summary>A node is gone: it opens no more. Also told of a node whose publication was refused after <see cref="Published"/>
    /// had returned. Must not throw; an exception comes out where the change was asked for, once all of it has been told.</summary>
    /// <param name="node">The node.</param>
    void Withdrawn(UciNode node);
}
