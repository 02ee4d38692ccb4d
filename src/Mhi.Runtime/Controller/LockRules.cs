using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mhi.Controller;

/// <summary>
/// Where a layer of clients enters the core, runs a client's code, takes a turn: what it holds then is checked by the search
/// for races, which compiles these sources with MHI_INTERLEAVING. In every other build a call is no code at all.
/// </summary>
internal static partial class LockRules
{
    /// <summary>A call into the core: only a turn may be held.</summary>
    /// <param name="place">Where, for the report; left to the compiler.</param>
    [Conditional("MHI_INTERLEAVING")]
    internal static void EnterCore([CallerMemberName] string place = "") => OnCore(place);

    /// <summary>The client's own code runs from here: nothing may be held, and the poll thread has no business there.</summary>
    /// <param name="place">Where, for the report; left to the compiler.</param>
    [Conditional("MHI_INTERLEAVING")]
    internal static void RunClientCode([CallerMemberName] string place = "") => OnClientCode(place);

    /// <summary>The calling thread works in a turn from now on.</summary>
    [Conditional("MHI_INTERLEAVING")]
    internal static void EnterTurn() => OnTurn(isTaken: true);

    /// <summary>The calling thread works in no turn any more.</summary>
    [Conditional("MHI_INTERLEAVING")]
    internal static void LeaveTurn() => OnTurn(isTaken: false);

    static partial void OnCore(string place);

    static partial void OnClientCode(string place);

    static partial void OnTurn(bool isTaken);
}
