using System;
using System.Threading;

namespace Mhi.Endpoint;

/// <summary>One counter per <see cref="HostViolation"/>. Written by the device thread, read by any.</summary>
internal sealed class ViolationCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<HostViolation>().Length];

    internal long this[HostViolation violation] => Volatile.Read(ref _counts[(int)violation]);

    internal void Count(HostViolation violation) => Volatile.Write(ref _counts[(int)violation], _counts[(int)violation] + 1);
}
