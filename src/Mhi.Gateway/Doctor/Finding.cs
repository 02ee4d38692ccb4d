using Mhi.Gateway.Commands;

namespace Mhi.Gateway.Doctor;

/// <summary>What a step of the walk found.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="State">How it went.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Meaning">What that means; null when it is as it should be.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
/// <param name="ExitCode">What the program ends with, if this ends the walk.</param>
internal sealed record Finding(string Step, FindingState State, string Seen, string? Meaning, string? Advice, ExitCode ExitCode)
{
    /// <summary>All is well.</summary>
    internal static Finding Ok(string step, string seen) => new(step, FindingState.Ok, seen, null, null, ExitCode.Done);

    /// <summary>Somebody should know.</summary>
    internal static Finding Note(string step, string seen, string meaning, string? advice = null) =>
        new(step, FindingState.Note, seen, meaning, advice, ExitCode.Done);

    /// <summary>The machine is not set up for the device.</summary>
    internal static Finding NotSetUp(string step, string seen, string meaning, string advice) =>
        new(step, FindingState.Failed, seen, meaning, advice, ExitCode.NotSetUp);

    /// <summary>The device does not start.</summary>
    internal static Finding DeviceFailed(string step, string seen, string meaning, string advice) =>
        new(step, FindingState.Failed, seen, meaning, advice, ExitCode.DeviceFailed);

    /// <summary>The device runs, but data or interrupts do not flow.</summary>
    internal static Finding NoData(string step, string seen, string meaning, string advice) =>
        new(step, FindingState.Failed, seen, meaning, advice, ExitCode.NoData);
}
