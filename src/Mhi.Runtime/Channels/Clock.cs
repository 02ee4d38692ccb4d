#if !MHI_INTERLEAVING
using System.Diagnostics;

namespace Mhi.Channels;

/// <summary>The time that blocking calls go by. The search for races has a clock of its own.</summary>
internal static class Clock
{
    /// <summary>Now, in units of <see cref="Stopwatch.Frequency"/>.</summary>
    internal static long Timestamp => Stopwatch.GetTimestamp();
}
#endif
