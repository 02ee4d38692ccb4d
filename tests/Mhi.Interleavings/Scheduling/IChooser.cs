namespace Mhi.Interleavings.Scheduling;

/// <summary>Decides who goes on.</summary>
internal interface IChooser
{
    /// <summary>Chooses.</summary>
    /// <param name="position">How many choices were made before.</param>
    /// <param name="options">How many threads can go on.</param>
    /// <param name="preempts">Whether any other than 0 is a preemption.</param>
    /// <param name="mayWait">Whether the last is the clock, and time could wait.</param>
    /// <returns>Which one goes on.</returns>
    int Choose(int position, int options, bool preempts, bool mayWait);
}
