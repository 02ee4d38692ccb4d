using System;

namespace Mhi.InstructionCount.Workloads;

/// <summary>Something whose instructions are counted: does one operation, such as a packet, over and over.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Kind">Which table it is in.</param>
/// <param name="Loop">Method that does the operations and nothing else, as the symbol ends; never inlined.</param>
/// <param name="Run">Does a number of operations, a multiple of the burst, after setting up what they need.</param>
internal sealed record Workload(string Name, string Title, WorkloadKind Kind, string Loop, Action<int> Run);
