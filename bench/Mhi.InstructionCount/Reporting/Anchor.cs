using System.Collections.Immutable;

namespace Mhi.InstructionCount.Reporting;

/// <summary>A figure of another ring, to compare with.</summary>
/// <param name="Name">The ring and how it was used.</param>
/// <param name="InstructionsPerElement">Instructions for one element in and out.</param>
internal sealed record Anchor(string Name, double InstructionsPerElement)
{
    /// <summary>Rings in C and C++ that the hand-off ring is to beat.</summary>
    public static ImmutableArray<Anchor> List { get; } =
    [
        new("boost::lockfree::spsc_queue (g++ -O2), 32 single pushes, 32 single pops", 24.3),
        new("DPDK rte_ring (gcc -O2), bulk of 32", 11.1),
    ];
}
