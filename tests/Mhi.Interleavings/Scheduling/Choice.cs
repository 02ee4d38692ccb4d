namespace Mhi.Interleavings.Scheduling;

/// <summary>One place of an execution where several threads could go on.</summary>
/// <param name="Options">How many.</param>
/// <param name="Taken">Which one did: 0 is the thread that was running, if it could, then the others by number.</param>
/// <param name="Preempts">Whether any other than 0 takes the turn from a thread that could have gone on.</param>
/// <param name="MayWait">Whether the last is the clock, and time could wait.</param>
internal readonly record struct Choice(int Options, int Taken, bool Preempts, bool MayWait)
{
    /// <summary>What the choice uses up of the bound: a thread that could have gone on waits, or time passes while somebody could.</summary>
    internal int Cost => (Preempts && Taken != 0) || (MayWait && Taken == Options - 1) ? 1 : 0;
}
