namespace Mhi.InstructionCount.Workloads;

/// <summary>What one operation of a workload is.</summary>
internal enum WorkloadKind
{
    /// <summary>A packet to the device and back.</summary>
    Packet,

    /// <summary>An element through a queue.</summary>
    Element,
}
