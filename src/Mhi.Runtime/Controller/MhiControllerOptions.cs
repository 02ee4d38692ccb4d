using System;

namespace Mhi.Controller;

/// <summary>Choices of the integrator for a controller. Immutable; checked once, when the controller is created.</summary>
public sealed record MhiControllerOptions
{
    /// <summary>The clock; default <see cref="TimeProvider.System"/>. Read only while something is timed.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How long the device may take to answer a command; default: what its profile says.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>How long the device may take to become READY; default: what its profile says.</summary>
    public TimeSpan? ReadyTimeout { get; init; }

    /// <summary>
    /// Whether channels that know burst mode use it; default true. Some modems never ask for the doorbell they need in
    /// that mode; switching it off costs one register write per batch.
    /// </summary>
    public bool UseBurstMode { get; init; } = true;

    /// <summary>How often a blocking call looks again before its thread sleeps; default 50, 0 sleeps at once.</summary>
    public int SpinIterations { get; init; } = 50;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfNegative(SpinIterations);
        ThrowIfNotPositive(CommandTimeout, nameof(CommandTimeout));
        ThrowIfNotPositive(ReadyTimeout, nameof(ReadyTimeout));
    }

    private static void ThrowIfNotPositive(TimeSpan? value, string name)
    {
        if (value is { } time && time <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(name, time, $"{name} must be longer than zero.");
        }
    }
}
