using System;
using Mhi.Channels;

namespace Mhi.Interleavings.Subjects;

/// <summary>The controller's time is the execution's.</summary>
internal sealed class ExecutionTime : TimeProvider
{
    public override long GetTimestamp() => Clock.Timestamp;
}
