using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mhi.Uci.Waiting;

/// <summary>
/// A place where it matters which thread goes first. The search for races compiles these sources with MHI_INTERLEAVING
/// and switches threads here; in every other build a call is no code at all.
/// </summary>
internal static partial class SchedulePoint
{
    /// <summary>Lets another thread go first, when a search is running.</summary>
    /// <param name="place">Where, for the search's report; left to the compiler.</param>
    [Conditional("MHI_INTERLEAVING")]
    internal static void Hit([CallerMemberName] string place = "") => Switch(place);

    static partial void Switch(string place);
}
