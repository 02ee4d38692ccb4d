using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Uci;

namespace Mhi.Nodes.Adapters;

/// <summary>A node of the client interface, for the server of nodes.</summary>
internal sealed class UciNodeFile(UciNode node) : NodeFile
{
    /// <summary>The node.</summary>
    internal UciNode Node { get; } = node;

    /// <inheritdoc/>
    public override string Name => Node.Name;

    /// <inheritdoc/>
    public override int MaxReadLength => Node.ReceiveCapacity;

    /// <inheritdoc/>
    public override bool IsTerminal => Node.ChannelName is "DUN" or "DUN2" or "AT";

    /// <inheritdoc/>
    public override async Task<NodeHandle> OpenAsync(NodeAccess access, INodeListener listener, CancellationToken cancellationToken)
    {
        try
        {
            // Never blocking here: whether a program waits is in each of its requests, and the server parks those.
            var options = new UciOpenOptions
            {
                NonBlocking = true,
                Access = access switch
                {
                    NodeAccess.Read => UciAccess.Read,
                    NodeAccess.Write => UciAccess.Write,
                    _ => UciAccess.ReadWrite,
                },
            };
            return new UciNodeHandle(await Node.OpenAsync(options, cancellationToken).ConfigureAwait(false), listener);
        }
        catch (Exception exception) when (exception is IUciError and not OperationCanceledException)
        {
            throw new NodeException(exception.Message, ((IUciError)exception).ErrorCode, exception);
        }
    }
}
