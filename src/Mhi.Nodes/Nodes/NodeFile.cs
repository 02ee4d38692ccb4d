using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Nodes;

/// <summary>A stream that programs reach as a file.</summary>
public abstract class NodeFile
{
    /// <summary>Name of the file: no slash, at most 255 bytes.</summary>
    public abstract string Name { get; }

    /// <summary>Most bytes that one read returns.</summary>
    public abstract int MaxReadLength { get; }

    /// <summary>Whether programs expect a terminal, as on a port for AT commands: termios and modem lines are remembered then.</summary>
    public virtual bool IsTerminal => false;

    /// <summary>Opens the stream once more.</summary>
    /// <param name="access">What for.</param>
    /// <param name="listener">Learns when the handle becomes ready.</param>
    /// <param name="cancellationToken">A signal ends the wait of the program that opens.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="NodeException">It cannot be opened; the error number says why.</exception>
    public abstract Task<NodeHandle> OpenAsync(NodeAccess access, INodeListener listener, CancellationToken cancellationToken);
}
