using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Nodes;

namespace Mhi.NodeBench;

/// <summary>An open of <see cref="NullFile"/>, always ready.</summary>
internal sealed class NullHandle(INodeListener listener) : NodeHandle
{
    private const NodeEvents Always = NodeEvents.In | NodeEvents.Out;

    public override NodeEvents Events => Always;

    // The zeros are made anew each time: the null device in C, which has them ready, is that much ahead.
    public override int TryRead(Span<byte> destination)
    {
        destination.Clear();
        return destination.Length;
    }

    public override int TryWrite(ReadOnlySpan<byte> source) => source.Length;

    public override void Arm(NodeEvents events)
    {
        if ((events & Always) != 0)
        {
            // Never from inside a call to the handle.
            _ = ThreadPool.UnsafeQueueUserWorkItem(static state => state.listener.OnReady(state.events), (listener, events: events & Always), preferLocal: false);
        }
    }

    public override Task CloseAsync() => Task.CompletedTask;
}
