namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>What a <see cref="HeldDevice"/> does with a channel command.</summary>
internal enum CommandAnswer
{
    /// <summary>Carries it out and says so.</summary>
    Succeed = 0,

    /// <summary>Refuses it.</summary>
    Refuse,

    /// <summary>Keeps it until the test has it answered.</summary>
    Stall,
}
