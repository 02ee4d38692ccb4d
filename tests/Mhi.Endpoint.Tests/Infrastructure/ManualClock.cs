using System;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>A clock that stands still until told otherwise, and counts how often it was read.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _milliseconds = 1000;

    internal int Reads { get; private set; }

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp()
    {
        Reads++;
        return _milliseconds;
    }

    internal void Advance(int milliseconds) => _milliseconds += milliseconds;
}
