using System.Collections.Immutable;
using Mhi.Pci;

namespace Mhi.Endpoint;

/// <summary>The vectors of a function in the same process.</summary>
/// <param name="vectors">The vectors.</param>
internal sealed class FunctionInterrupts(ImmutableArray<InterruptVector> vectors) : IInterruptLines
{
    /// <inheritdoc/>
    public int Count => vectors.Length;

    /// <inheritdoc/>
    public void Raise(int vector) => vectors[vector].Raise();
}
