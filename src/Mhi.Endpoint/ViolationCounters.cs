using System;
using System.Threading;
using Mhi.Endpoint.Logging;

namespace Mhi.Endpoint;

/// <summary>One counter per <see cref="HostViolation"/>. Written by the device thread, read by any.</summary>
internal sealed class ViolationCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<HostViolation>().Length];

    internal long this[HostViolation violation] => Volatile.Read(ref _counts[(int)violation]);

    /// <summary>Where to write down each one, or null.</summary>
    internal ProtocolLog? Log { get; set; }

    internal void Count(HostViolation violation)
    {
        Volatile.Write(ref _counts[(int)violation], _counts[(int)violation] + 1);
        if (Log is { } log)
        {
            using LogLine line = log.Begin("mhi.violation");
            line.Text("what", violation.ToString());
        }
    }
}
