using System;
using System.Threading;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.Registers;

namespace Mhi.Endpoint;

/// <summary>One counter per <see cref="HostViolation"/>. Written by the device thread, read by any.</summary>
/// <param name="registers">Tell whether the host allows DMA.</param>
internal sealed class ViolationCounters(EndpointRegisters registers)
{
    private readonly long[] _counts = new long[Enum.GetValues<HostViolation>().Length];

    internal long this[HostViolation violation] => Volatile.Read(ref _counts[(int)violation]);

    /// <summary>Where to write down each one, or null.</summary>
    internal ProtocolLog? Log { get; set; }

    internal void Count(HostViolation violation)
    {
        // A host may take bus mastering and memory away at any time, as a kernel does from a program that was killed. An access
        // that was under way then is refused by the bus, and nobody has made a mistake.
        if (violation is HostViolation.RingUnreachable or HostViolation.BufferUnreachable && !registers.IsBusMaster)
        {
            return;
        }

        Volatile.Write(ref _counts[(int)violation], _counts[(int)violation] + 1);
        if (Log is { } log)
        {
            using LogLine line = log.Begin("mhi.violation");
            line.Text("what", violation.ToString());
        }
    }
}
