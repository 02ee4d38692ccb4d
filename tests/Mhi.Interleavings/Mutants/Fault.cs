using System;

namespace Mhi.Interleavings.Mutants;

/// <summary>A fault put into one source file of the product: a piece of its text, and what stands there instead.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Right">The product's text; it must be there exactly once.</param>
/// <param name="Wrong">The faulty text.</param>
internal sealed record Fault(string File, string Right, string Wrong)
{
    internal string PutInto(string source)
    {
        int at = source.IndexOf(Right, StringComparison.Ordinal);
        return at >= 0 && source.IndexOf(Right, at + 1, StringComparison.Ordinal) < 0
            ? $"{source[..at]}{Wrong}{source[(at + Right.Length)..]}"
            : throw new InvalidOperationException($"{File} must contain this exactly once, so that the fault goes where it is meant to:\n{Right}");
    }
}
