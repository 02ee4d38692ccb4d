using System.Collections.Immutable;

namespace Mhi.InstructionCount.Workloads;

/// <summary>What can be counted, in the order of the report.</summary>
internal static class AllWorkloads
{
    /// <summary>Elements or packets that go through together where a burst is measured.</summary>
    public const int Burst = 32;

    public static ImmutableArray<Workload> List { get; } =
    [
        new("copy-64-burst-1", "64 B, copied, burst 1", WorkloadKind.Packet, static count => LoopbackWorkload.RunCopied(count, 64, 1)),
        new("copy-64-burst-32", "64 B, copied, burst 32", WorkloadKind.Packet, static count => LoopbackWorkload.RunCopied(count, 64, Burst)),
        new("lease-64-burst-32", "64 B, zero copy, burst 32", WorkloadKind.Packet, static count => LoopbackWorkload.RunLeased(count, 64, Burst)),
        new("copy-4096-burst-1", "4 KiB, copied, burst 1", WorkloadKind.Packet, static count => LoopbackWorkload.RunCopied(count, 4096, 1)),
        new("copy-4096-burst-32", "4 KiB, copied, burst 32", WorkloadKind.Packet, static count => LoopbackWorkload.RunCopied(count, 4096, Burst)),
        new("lease-4096-burst-32", "4 KiB, zero copy, burst 32", WorkloadKind.Packet, static count => LoopbackWorkload.RunLeased(count, 4096, Burst)),
        new("handoff-single", "HandoffRing, one in, one out", WorkloadKind.Element, HandoffWorkload.RunSingle),
        new("handoff-burst-32", "HandoffRing, 32 single pushes, 32 single pops", WorkloadKind.Element, HandoffWorkload.RunSingleInBursts),
        new("handoff-bulk-32", "HandoffRing, bulk of 32", WorkloadKind.Element, HandoffWorkload.RunBulk),
        new("channel-single", "Channel (bounded, single reader and writer), one in, one out", WorkloadKind.Element, PeerWorkload.RunChannel),
        new("concurrent-queue-single", "ConcurrentQueue, one in, one out", WorkloadKind.Element, PeerWorkload.RunConcurrentQueue),
    ];
}
