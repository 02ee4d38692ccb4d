using System.Threading;
using System.Threading.Tasks;
using Mhi.Nodes;

namespace Mhi.NodeBench;

/// <summary>A stream that takes everything and returns zeros: nothing behind the server that could cost time.</summary>
internal sealed class NullFile : NodeFile
{
    public override string Name => "null";

    public override int MaxReadLength => 1 << 20;

    public override Task<NodeHandle> OpenAsync(NodeAccess access, INodeListener listener, CancellationToken cancellationToken) =>
        Task.FromResult<NodeHandle>(new NullHandle(listener));
}
