using System;
using System.Diagnostics;

namespace Mhi.Gateway;

/// <summary>The time since the process was started, as close as the process itself can know it.</summary>
/// <remarks>
/// The kernel notes the start of a process in hundredths of a second only. What ran before <c>Main</c> ran without waiting,
/// so the processor time used until then is the better figure.
/// </remarks>
internal static class ProcessClock
{
    private static long s_mainStarted;
    private static TimeSpan s_beforeMain;

    /// <summary>First thing in <c>Main</c>.</summary>
    internal static void Start()
    {
        s_mainStarted = Stopwatch.GetTimestamp();
        s_beforeMain = Environment.CpuUsage.TotalTime;
    }

    /// <summary>Time from the start of the process to a moment.</summary>
    /// <param name="timestamp">The moment, a <see cref="Stopwatch"/> timestamp.</param>
    /// <returns>The time.</returns>
    internal static TimeSpan At(long timestamp) => s_beforeMain + Stopwatch.GetElapsedTime(s_mainStarted, timestamp);
}
