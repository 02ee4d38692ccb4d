namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>The ways in which a node loses its device.</summary>
public enum Leaving
{
    /// <summary>The host is told to remove the controller.</summary>
    Remove = 0,

    /// <summary>The host is stopped.</summary>
    Stop,

    /// <summary>The controller is powered down.</summary>
    PowerDown,

    /// <summary>The device leaves the bus.</summary>
    Vanish,
}
