using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Mhi.InstructionCount.Workloads;

/// <summary>The same elements through the queues that the framework has.</summary>
internal static class PeerWorkload
{
    private const int Capacity = 64;

    public static void RunChannel(int elements)
    {
        Channel<ulong> channel = Channel.CreateBounded<ulong>(
            new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });
        HandoffWorkload.Check(ThroughChannel(channel, elements), elements);
    }

    public static void RunConcurrentQueue(int elements) =>
        HandoffWorkload.Check(ThroughQueue(new ConcurrentQueue<ulong>(), elements), elements);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ThroughChannel(Channel<ulong> channel, int elements)
    {
        ulong sum = 0;
        for (ulong i = 0; i < (ulong)elements; i += AllWorkloads.Burst)
        {
            for (ulong n = 0; n < AllWorkloads.Burst; n++)
            {
                _ = channel.Writer.TryWrite(i + n);
            }

            for (int n = 0; n < AllWorkloads.Burst; n++)
            {
                _ = channel.Reader.TryRead(out ulong value);
                sum += value;
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ThroughQueue(ConcurrentQueue<ulong> queue, int elements)
    {
        ulong sum = 0;
        for (ulong i = 0; i < (ulong)elements; i += AllWorkloads.Burst)
        {
            for (ulong n = 0; n < AllWorkloads.Burst; n++)
            {
                queue.Enqueue(i + n);
            }

            for (int n = 0; n < AllWorkloads.Burst; n++)
            {
                _ = queue.TryDequeue(out ulong value);
                sum += value;
            }
        }

        return sum;
    }
}
