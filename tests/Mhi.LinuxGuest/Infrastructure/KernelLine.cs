namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A line of the kernel's log.</summary>
/// <param name="Level">How grave it is: 0 is an emergency, 3 an error, 4 a warning, 7 for debugging.</param>
/// <param name="Text">The line without its level.</param>
public readonly record struct KernelLine(int Level, string Text)
{
    /// <summary>The line as it is shown in a report.</summary>
    /// <returns>The level and the text.</returns>
    public override string ToString() => $"<{Level}>{Text}";
}
