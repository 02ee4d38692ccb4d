using System.Threading.Channels;

namespace Mhi.Benchmarks.Queues;

public readonly struct ChannelElementQueue(int capacity) : IElementQueue
{
    private readonly Channel<ulong> _channel = Channel.CreateBounded<ulong>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });

    public bool TryPush(ulong item) => _channel.Writer.TryWrite(item);

    public bool TryPop(out ulong item) => _channel.Reader.TryRead(out item);
}
