namespace Mhi.Generators.Models;

/// <summary>What a long write does; the names are those of the run-time enumeration.</summary>
internal enum WritePolicy
{
    WholeMessage,
    Eager,
}
