using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mhi.Controller;

/// <summary>
/// A place where it matters which thread goes first. The search for races compiles these sources with MHI_INTERLEAVING
/// and switches threads here; in every other build a call is no code at all.
/// </summary>
internal static partial class SchedulePoint
{
    /// <summary>Between two steps of the client interface: lets another thread go first, when a search is running.</summary>
    /// <param name="place">Where, for the search's report; left to the compiler.</param>
    [Conditional("MHI_INTERLEAVING")]
    internal static void Hit([CallerMemberName] string place = "") => Switch(place, isFine: false);

    /// <summary>
    /// Between two stores or loads of a hand-over, inside what a caller sees as one step: does the same, in searches with
    /// fewer preemptions.
    /// </summary>
    /// <param name="place">Where, for the search's report; left to the compiler.</param>
    [Conditional("MHI_INTERLEAVING")]
    internal static void HitInside([CallerMemberName] string place = "") => Switch(place, isFine: true);

    static partial void Switch(string place, bool isFine);
}
