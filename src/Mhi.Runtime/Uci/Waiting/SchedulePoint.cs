using System.Diagnostics;

namespace Mhi.Uci.Waiting;

/// <summary>
/// A place where it matters which thread goes first. The search for races compiles these sources with MHI_INTERLEAVING
/// and switches threads here; in every other build a call is no code at all.
/// </summary>
internal static partial class SchedulePoint
{
    /// <summary>Lets another thread go first, when a search is running.</summary>
    [Conditional("MHI_INTERLEAVING")]
    internal static void Hit() => Switch();

    static partial void Switch();
}
