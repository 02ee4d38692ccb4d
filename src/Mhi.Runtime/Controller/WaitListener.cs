namespace Mhi.Controller;

/// <summary>Hears the signals of wait points in place of a single client: a layer that has clients of its own.</summary>
internal abstract class WaitListener
{
    /// <summary>
    /// Poll thread: what a wait point stands for may have become true. Must not block; calls
    /// <see cref="WaitPoint.TakeSignal"/>, and only then looks for those who wait, unless it wants the next signal too.
    /// </summary>
    /// <param name="source">The wait point.</param>
    internal abstract void OnSignal(WaitPoint source);
}
