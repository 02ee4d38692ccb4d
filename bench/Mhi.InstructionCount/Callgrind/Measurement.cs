using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Mhi.InstructionCount.Workloads;

namespace Mhi.InstructionCount.Callgrind;

/// <summary>Instructions per operation of a workload.</summary>
/// <remarks>
/// Counted are the method that does the operations and what it calls. The difference between a run of 2N operations and one
/// of N, divided by N, leaves out what the first operations do once.
/// </remarks>
internal sealed class Measurement
{
    private const string EndpointPrefix = "Mhi_Endpoint_";

    // What the runtime copies with: its own routines for short blocks, the C library's for long ones.
    private static readonly ImmutableArray<string> s_copyNames = ["MemCopy", "memmove", "memcpy"];

    private readonly CallgrindProfile _once;
    private readonly CallgrindProfile _twice;
    private readonly int _operations;

    private Measurement(Workload workload, CallgrindProfile once, CallgrindProfile twice, int operations)
    {
        Workload = workload;
        _once = once;
        _twice = twice;
        _operations = operations;
    }

    /// <summary>What was measured.</summary>
    public Workload Workload { get; }

    /// <summary>Everything, the workload's own loop included.</summary>
    public double Total => Difference(profile => profile.InclusiveOf(Workload.Loop));

    /// <summary>The calls of a program: write and read, or their forms without a copy.</summary>
    public double Client => Difference(static profile =>
        profile.InclusiveOf("Workload__Write") + profile.InclusiveOf("Workload__Read")
        + profile.InclusiveOf("LoopbackWorkload__RentAndCommit") + profile.InclusiveOf("LoopbackWorkload__Receive"));

    /// <summary>The controller's polls.</summary>
    public double Poll => Difference(static profile => profile.InclusiveOf("Workload__PollHost"));

    /// <summary>The device.</summary>
    public double Endpoint => Difference(static profile => profile.InclusiveOf("Workload__StepDevice"));

    /// <summary>The part of <see cref="Client"/> and <see cref="Poll"/> that copies memory.</summary>
    public double HostCopies => Difference(static profile => CopiesOf(profile, byEndpoint: false));

    /// <summary>The part of <see cref="Endpoint"/> that copies memory.</summary>
    public double EndpointCopies => Difference(static profile => CopiesOf(profile, byEndpoint: true));

    /// <summary>Measures a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="operations">N, a multiple of the burst.</param>
    /// <returns>What was counted.</returns>
    public static Measurement Of(Workload workload, int operations) =>
        new(workload, CallgrindRun.Execute(workload, operations), CallgrindRun.Execute(workload, 2 * operations), operations);

    /// <summary>The functions with the most instructions of their own, in the whole program.</summary>
    /// <param name="count">How many.</param>
    /// <returns>Name and instructions per operation, most first.</returns>
    public IEnumerable<(string Name, double Instructions)> TopFunctions(int count) => _twice.Self
        .Select(function => (function.Key, (function.Value - _once.Self.GetValueOrDefault(function.Key)) / (double)_operations))
        .OrderByDescending(static function => function.Item2)
        .Take(count);

    // Copies are told apart by who asks for them; one copy routine that calls another counts once.
    private static long CopiesOf(CallgrindProfile profile, bool byEndpoint) => profile.Calls
        .Where(call => IsCopy(call.Key.Callee) && !IsCopy(call.Key.Caller)
            && call.Key.Caller.StartsWith(EndpointPrefix, StringComparison.Ordinal) == byEndpoint)
        .Sum(static call => call.Value);

    private static bool IsCopy(string function) =>
        s_copyNames.Any(name => function.Contains(name, StringComparison.OrdinalIgnoreCase));

    private double Difference(Func<CallgrindProfile, long> value) => (value(_twice) - value(_once)) / (double)_operations;
}
