using System;
using System.Collections.Immutable;

namespace Mhi.InstructionCount.Workloads;

/// <summary>What can be counted, in the order of the report.</summary>
internal static class AllWorkloads
{
    /// <summary>Elements or packets that go through together where a burst is measured.</summary>
    public const int Burst = 32;

    public static ImmutableArray<Workload> List { get; } =
    [
        Copied("copy-64-burst-1", "64 B, copied, burst 1", 64, 1),
        Copied("copy-64-burst-32", "64 B, copied, burst 32", 64, Burst),
        Handle("handle-64-burst-1", "64 B, through a handle, burst 1", 64, 1),
        Handle("handle-64-burst-32", "64 B, through a handle, burst 32", 64, Burst),
        Leased("lease-64-burst-32", "64 B, zero copy, burst 32", 64, Burst),
        Copied("copy-4096-burst-1", "4 KiB, copied, burst 1", 4096, 1),
        Copied("copy-4096-burst-32", "4 KiB, copied, burst 32", 4096, Burst),
        Leased("lease-4096-burst-32", "4 KiB, zero copy, burst 32", 4096, Burst),
        Element("handoff-single", "HandoffRing, one in, one out", "HandoffWorkload__Single", HandoffWorkload.RunSingle),
        Element("handoff-burst-32", "HandoffRing, 32 single pushes, 32 single pops", "HandoffWorkload__SingleInBursts", HandoffWorkload.RunSingleInBursts),
        Element("handoff-bulk-32", "HandoffRing, bulk of 32", "HandoffWorkload__Bulk", HandoffWorkload.RunBulk),
        Element("channel-burst-32", "Channel (bounded, single reader and writer), 32 in, 32 out", "PeerWorkload__ThroughChannel", PeerWorkload.RunChannel),
        Element("concurrent-queue-burst-32", "ConcurrentQueue, 32 in, 32 out", "PeerWorkload__ThroughQueue", PeerWorkload.RunConcurrentQueue),
    ];

    private static Workload Copied(string name, string title, int size, int burst) =>
        new(name, title, WorkloadKind.Packet, "LoopbackWorkload__StreamCopied", count => LoopbackWorkload.RunCopied(count, size, burst));

    private static Workload Handle(string name, string title, int size, int burst) =>
        new(name, title, WorkloadKind.Packet, "HandleWorkload__Stream", count => HandleWorkload.Run(count, size, burst));

    private static Workload Leased(string name, string title, int size, int burst) =>
        new(name, title, WorkloadKind.Packet, "LoopbackWorkload__StreamLeased", count => LoopbackWorkload.RunLeased(count, size, burst));

    private static Workload Element(string name, string title, string loop, Action<int> run) =>
        new(name, title, WorkloadKind.Element, loop, run);
}
